package parley.load.bench.measure;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a JVM stopped all its threads, and for how long.
 *
 * @param longestNs of one
 * @param totalNs of all
 */
public record Pauses(int count, long longestNs, long totalNs) {

  private static final Pattern SAFEPOINT = Pattern.compile("Total: +(\\d+) ns");

  /** From the lines of {@code -Xlog:safepoint}. */
  public static Pauses parse(List<String> log) {
    int count = 0;
    long longest = 0;
    long total = 0;
    for (String line : log) {
      Matcher pause = SAFEPOINT.matcher(line);
      if (pause.find()) {
        long ns = Long.parseLong(pause.group(1));
        count++;
        longest = Math.max(longest, ns);
        total += ns;
      }
    }
    return new Pauses(count, longest, total);
  }
}
