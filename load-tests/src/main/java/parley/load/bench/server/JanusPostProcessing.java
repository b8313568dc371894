package parley.load.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Janus' recordings need before anybody can play them: janus-pp-rec, a file at a time. */
public final class JanusPostProcessing {

  private static final Path PROGRAM = Path.of("/usr/bin/janus-pp-rec");

  /** The second line of bash's {@code times}: user and system time of its children. */
  private static final Pattern TIMES =
      Pattern.compile("(?s).*\\n(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s\\s*");

  private JanusPostProcessing() {}

  /**
   * What it took.
   *
   * @param files how many there were
   */
  public record Result(int files, long cpuNs) {}

  /**
   * Makes Ogg Opus of all raw files in a folder.
   *
   * @param prefix of the command, such as {@code taskset -c 0}
   * @throws IOException when it cannot be had here, or refuses a file
   */
  public static Result run(Path folder, List<String> prefix)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAM)) {
      System.out.println("installing the distribution's package janus-tools …");
      String _ =
          output(List.of("apt-get", "install", "-y", "--no-install-recommends", "janus-tools"));
    }
    List<String> command = new ArrayList<>(prefix);
    String loop =
        "for f in \"$0\"/*.mjr; do %s \"$f\" \"${f%%.mjr}.opus\" >/dev/null 2>&1 || exit 1; done; times"
            .formatted(PROGRAM);
    command.addAll(List.of("bash", "-c", loop, folder.toString()));
    Matcher times = TIMES.matcher(output(command));
    if (!times.matches()) {
      throw new IOException("janus-pp-rec refuses what Janus has recorded");
    }
    try (Stream<Path> files = Files.list(folder)) {
      long made = files.filter(file -> file.toString().endsWith(".opus")).count();
      return new Result((int) made, ns(times, 1) + ns(times, 3));
    }
  }

  private static long ns(Matcher times, int group) {
    return (long)
        (1e9
            * (60 * Integer.parseInt(times.group(group))
                + Double.parseDouble(times.group(group + 1))));
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? output : "";
  }
}
