package parley.load.bench.mix;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import parley.load.bench.measure.Spread;

/** What came out in rooms of one size, for people. */
final class MixReport {

  /** Of what the other needs. */
  static final double BAR = 0.25;

  private final int rooms;
  private final int people;
  private final int speakers;
  private final List<MixBench.Result> results;

  MixReport(int rooms, int people, int speakers, List<MixBench.Result> results) {
    this.rooms = rooms;
    this.people = people;
    this.speakers = speakers;
    this.results = List.copyOf(results);
  }

  String table() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format(
        "%n%s with one section, everybody sends, %d speak%s%n",
        who(), speakers, rooms == 1 ? "" : " in each");
    out.format(
        "%-13s %32s %14s %13s %8s%n",
        "server", "CPU ms a participant and second", "of a processor", "heard right", "KB each");
    for (MixBench.Result result : results) {
      out.format(
          "%-13s %32s %12.1f %% %13s %8d%n",
          result.server(),
          spread(result, MixTurn::cpuMs).text("%.2f"),
          100 * spread(result, MixTurn::load).median(),
          heard(result),
          result.bytesEach() / 1024);
    }
    MixBench.Result parley = results.getFirst();
    for (MixBench.Result other : results.subList(1, results.size())) {
      out.format("parley / %s: CPU %s%n", other.server(), ratio(parley, other).text("%.3f"));
    }
    for (MixBench.Result result : results) {
      out.format("%s: %s%n", result.server(), result.version());
      if (result.thrownOut() > 0) {
        out.format("%s: %d noisy turns thrown out%n", result.server(), result.thrownOut());
      }
    }
    return out.toString();
  }

  private String who() {
    return (rooms == 1 ? "" : rooms + " rooms of ") + people + " people";
  }

  private static String heard(MixBench.Result result) {
    int worst = result.turns().stream().mapToInt(MixTurn::contented).min().orElse(0);
    return worst + " of " + result.turns().getFirst().people();
  }

  private static Spread spread(MixBench.Result result, ToDoubleFunction<MixTurn> of) {
    return Spread.of(result.turns().stream().mapToDouble(of).boxed().toList());
  }

  private static Spread ratio(MixBench.Result parley, MixBench.Result other) {
    return Spread.ofRatios(cpu(parley), cpu(other));
  }

  private static List<Double> cpu(MixBench.Result result) {
    return result.turns().stream().map(MixTurn::cpuMs).toList();
  }

  /** What is wrong; null when everybody heard everybody, for at most a quarter of the CPU. */
  @Nullable String missed() {
    MixBench.Result parley = results.getFirst();
    if (parley.turns().stream().anyMatch(turn -> turn.contented() < turn.people())) {
      return who() + ": not everybody heard exactly the others";
    }
    for (MixBench.Result other : results.subList(1, results.size())) {
      double ratio = ratio(parley, other).median();
      if (ratio > BAR) {
        return String.format(
            Locale.ROOT, "%s: %.2f of %s, more than %.2f", who(), ratio, other.server(), BAR);
      }
    }
    return null;
  }
}
