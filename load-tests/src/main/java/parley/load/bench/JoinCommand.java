package parley.load.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley bench join}: many people join one group's call. */
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    description = {
      "People of one group join its call, each on a real WebSocket with a real offer, which the"
          + " relay really answers. Measured is when the last was answered, when everybody had been"
          + " told of everybody, and how many bytes each was sent.%n",
      "Exit code: 0 if every one of them ended in the right state, and what each was sent grew no"
          + " faster than the list of participants."
    })
final class JoinCommand implements Callable<Integer> {

  /** What each is sent may vary by so much from run to run. */
  private static final double TOLERANCE = 1.1;

  @Option(
      names = "--people",
      split = ",",
      defaultValue = "100,300,1000",
      paramLabel = "N",
      description = "How many join, one call after the other; default: ${DEFAULT-VALUE}.")
  private List<Integer> people = List.of();

  @Option(
      names = "--within",
      defaultValue = "4",
      paramLabel = "SECONDS",
      description = "How long it takes until all have offered; default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%7s %9s %9s %7s %9s | %-46s%n%7s %9s %9s %7s %9s | %9s %9s %9s %9s %8s%n",
        "people",
        "answered",
        "all know",
        "right",
        "list",
        "KB sent to each",
        "",
        "s",
        "s",
        "",
        "KB",
        "in all",
        "state",
        "answer",
        "online",
        "in lists");
    List<JoinResult> results = new ArrayList<>();
    for (int each : people) {
      JoinResult result = JoinBench.run(each, seconds);
      results.add(result);
      System.out.println(result.row());
    }
    return JoinResult.areGood(results, TOLERANCE) ? 0 : 1;
  }
}
