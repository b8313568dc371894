package parley.load.bench.record;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import parley.load.bench.Bar;
import parley.load.bench.measure.Spread;
import parley.load.bench.measure.Turn;
import parley.load.bench.server.Shape;

/** What came out, for people. */
final class RecordReport {

  private final Shape shape;
  private final List<RecordBench.Result> results;

  RecordReport(Shape shape, List<RecordBench.Result> results) {
    this.shape = shape;
    this.results = List.copyOf(results);
  }

  String table() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format("%n%d rooms of %d, %d talk%n", shape.rooms(), shape.people(), shape.talkers());
    out.format(
        "%-8s %-13s %32s %22s %14s%n",
        "server", "", "CPU ms a participant and second", "p99 ms", "calls a core");
    for (RecordBench.Result result : results) {
      row(out, result, "not recorded", result.off(), 0);
      row(out, result, "recorded", result.on(), result.processingNs());
    }
    for (RecordBench.Result result : results) {
      out.format(
          "%s: recorded / not: CPU %s, p99 %s%n",
          result.server(),
          ratio(result, Turn::cpuUs).text("%.3f"),
          ratio(result, turn -> turn.p99Ns()).text("%.2f"));
      if (result.processingNs() > 0) {
        out.format(
            "%s: of each second of a recorded call, making tracks of it afterwards takes %.2f ms%n",
            result.server(), result.processingNs() / 1e6);
      }
      out.format("%s: %s%n", result.server(), result.version());
      if (result.thrownOut() > 0) {
        out.format("%s: %d noisy turns thrown out%n", result.server(), result.thrownOut());
      }
    }
    if (results.size() > 1) {
      RecordBench.Result parley = results.getFirst();
      RecordBench.Result janus = results.getLast();
      out.format(
          "recorded calls a core, parley / janus: %.2f%n",
          callsACore(parley.on(), 0) / callsACore(janus.on(), janus.processingNs()));
    }
    return out.toString();
  }

  private void row(
      Formatter out, RecordBench.Result result, String what, List<Turn> turns, double laterNs) {
    out.format(
        "%-8s %-13s %32s %22s %14.0f%n",
        result.server(),
        what,
        spread(turns, this::cpuMs).text("%.3f"),
        spread(turns, turn -> turn.p99Ns() / 1e6).text("%.2f"),
        callsACore(turns, laterNs));
  }

  private double cpuMs(Turn turn) {
    return (turn.userNs() + turn.systemNs()) / 1e6 / shape.participants() / (turn.windowNs() / 1e9);
  }

  /** So many of these calls fill a processor, by what each costs. */
  private double callsACore(List<Turn> turns, double laterNs) {
    double callNs = spread(turns, this::cpuMs).median() * 1e6 * shape.people();
    return 1e9 / (callNs + laterNs);
  }

  private static Spread spread(List<Turn> turns, ToDoubleFunction<Turn> of) {
    return Spread.of(turns.stream().mapToDouble(of).boxed().toList());
  }

  private static Spread ratio(RecordBench.Result result, ToDoubleFunction<Turn> of) {
    return Spread.ofRatios(
        result.on().stream().mapToDouble(of).boxed().toList(),
        result.off().stream().mapToDouble(of).boxed().toList());
  }

  /** What recording may cost. */
  List<Bar> bars() {
    RecordBench.Result parley = results.getFirst();
    List<Bar> bars = new ArrayList<>();
    bars.add(new Bar("CPU, recorded / not", ratio(parley, Turn::cpuUs).median(), 1.05));
    bars.add(new Bar("p99, recorded / not", ratio(parley, Turn::p99Ns).median(), 1.1));
    return bars;
  }

  /** Everything that was said was heard, and is on the tracks. */
  boolean isExact() {
    RecordBench.Result parley = results.getFirst();
    return parley.complete()
        && parley.off().stream().allMatch(Turn::isExact)
        && parley.on().stream().allMatch(Turn::isExact);
  }
}
