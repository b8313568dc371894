package parley.load.bench.flame;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What each stage takes of a packet's time. */
public final class StageTable {

  private final Map<Stage, Long> samples = new EnumMap<>(Stage.class);
  private final long all;

  public StageTable(Stacks stacks) {
    all = stacks.samples();
    Deque<String> path = new ArrayDeque<>();
    for (Stacks.Node thread : stacks.root().children()) {
      visit(thread, path);
    }
  }

  private void visit(Stacks.Node node, Deque<String> path) {
    path.addLast(node.frame);
    long own = node.samples();
    for (Stacks.Node child : node.children()) {
      own -= child.samples();
      visit(child, path);
    }
    if (own > 0) {
      samples.merge(Stage.of(List.copyOf(path)), own, Long::sum);
    }
    path.removeLast();
  }

  /** Of all samples. */
  double share(Stage stage) {
    return all == 0 ? 0 : (double) samples.getOrDefault(stage, 0L) / all;
  }

  /**
   * The largest first.
   *
   * @param cpuUs of a packet, which the samples divide among the stages
   */
  public String text(double cpuUs) {
    Formatter out = new Formatter(Locale.ROOT);
    samples.entrySet().stream()
        .sorted(Map.Entry.<Stage, Long>comparingByValue(Comparator.reverseOrder()))
        .forEach(
            entry ->
                out.format(
                    "  %5.1f %%  %5.2f us  %s%n",
                    100 * share(entry.getKey()),
                    share(entry.getKey()) * cpuUs,
                    entry.getKey().label));
    return out.toString();
  }
}
