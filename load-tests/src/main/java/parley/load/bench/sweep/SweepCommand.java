package parley.load.bench.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley bench sweep}. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = {
      "Bad networks: two people talk for a minute through the relay's call and ICE agent, in"
          + " virtual time; loss, bursts, jitter, reordering, duplicates, a blackout, rebinding."
          + " Every frame is followed to the ear: heard, or made up.%n",
      "Repeatable to the bit: the dice are seeded, no clock is read.%n",
      "Exit code: 0; 1 when at 10 % random loss each way less than 99 % is heard."
    })
public final class SweepCommand implements Callable<Integer> {

  private static final double LEAST_HEARD = 0.99;
  private static final int AT_PERCENT = 10;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Calls for each figure (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw the curves there.")
  private @Nullable Path svg;

  @Override
  public Integer call() throws IOException {
    Sweep sweep = new Sweep(seeds);
    List<Sweep.Curve> curves = sweep.curves();
    for (Sweep.Curve curve : curves) {
      print(curve);
    }
    System.out.printf("%n%-62s %s%n", "with everything that browsers do", HEAD);
    for (Map.Entry<String, Heard> incident : sweep.incidents().entrySet()) {
      System.out.printf("%-62s %s%n", incident.getKey(), row(incident.getValue()));
    }
    if (svg != null) {
      Files.writeString(svg, new SweepPlot(curves).svg());
    }
    double heard = atTenPercent(curves);
    if (heard < LEAST_HEARD) {
      System.out.printf(Locale.ROOT, "at 10 %% random loss only %.2f %% is heard%n", 100 * heard);
      return 1;
    }
    return 0;
  }

  private static final String HEAD =
      String.format("%8s %11s %10s %8s %5s", "heard %", "made up %", "buffer ms", "gap ms", "MOS");

  private static void print(Sweep.Curve curve) {
    System.out.printf("%n%-12s %-6s %s%n", curve.sweep(), curve.protection(), HEAD);
    for (int i = 0; i < curve.at().length; i++) {
      System.out.printf("%12d %6s %s%n", curve.at()[i], "", row(curve.heard().get(i)));
    }
  }

  private static String row(Heard heard) {
    return String.format(
        Locale.ROOT,
        "%8.2f %11.2f %10.0f %8.0f %5.2f",
        100 * heard.heard(),
        100 * heard.concealed(),
        heard.delayMs(),
        heard.longestGapMs(),
        heard.mos());
  }

  private static double atTenPercent(List<Sweep.Curve> curves) {
    for (Sweep.Curve curve : curves) {
      if (curve.sweep().equals("random loss") && curve.protection() == Protection.ALL) {
        for (int i = 0; i < curve.at().length; i++) {
          if (curve.at()[i] == AT_PERCENT) {
            return curve.heard().get(i).heard();
          }
        }
      }
    }
    return 0;
  }
}
