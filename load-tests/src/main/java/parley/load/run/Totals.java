package parley.load.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import parley.load.bench.measure.LatencyHistogram;
import parley.load.report.Judged;
import parley.load.report.Outcome;
import parley.load.report.Sample;
import parley.load.scenario.Expectation;

/** What all intervals gave together; figures are those of the phases that count. */
final class Totals {

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final LatencyHistogram setUp = new LatencyHistogram();
  private final LatencyHistogram ring = new LatencyHistogram();
  private final LatencyHistogram restart = new LatencyHistogram();
  private final LatencyHistogram latency = new LatencyHistogram();
  private final long[] mos = new long[Outcome.MOS_CLASSES];
  private long tried;
  private long failed;
  private long expected;
  private long lost;
  private long unheard;
  private long countedErrors;
  private double mostLateMs;

  void add(Sample sample, Ledger.Page page, Heard heard) {
    samples.add(sample);
    sample.errors().forEach((cause, times) -> errors.merge(cause, times, Long::sum));
    if (!sample.counts()) {
      return;
    }
    setUp.add(page.setUp());
    ring.add(page.ring());
    restart.add(page.restart());
    latency.add(heard.latency());
    heard.mos().forEach(score -> mos[Outcome.mosClass(score)]++);
    tried += page.tried();
    failed += page.failed();
    expected += heard.expected();
    lost += heard.lost();
    unheard += heard.unheard();
    countedErrors += sample.errorCount();
    mostLateMs = Math.max(mostLateMs, sample.generatorLateMs());
  }

  List<Sample> samples() {
    return List.copyOf(samples);
  }

  Map<String, Long> errors() {
    return new LinkedHashMap<>(errors);
  }

  long[] mos() {
    return mos.clone();
  }

  List<Judged> figures(Expectation expect) {
    List<Judged> figures = new ArrayList<>();
    double nan = Double.NaN;
    figures.add(most("joins", tried - failed, "", nan));
    figures.add(most("joins that failed", share(failed, tried), " %", expect.failedPercent()));
    figures.add(most("set-up time, median", ms(setUp, 0.5), " ms", nan));
    figures.add(most("set-up time, 95 %", ms(setUp, 0.95), " ms", expect.setUpP95Ms()));
    figures.add(most("set-up time, 99 %", ms(setUp, 0.99), " ms", expect.setUpP99Ms()));
    figures.add(most("ring, 95 %", ms(ring, 0.95), " ms", expect.ringP95Ms()));
    figures.add(most("ICE restart, 95 %", ms(restart, 0.95), " ms", nan));
    figures.add(most("packets at listeners", expected - lost, "", nan));
    figures.add(
        most("packets lost", Math.max(0, share(lost, expected)), " %", expect.lossPercent()));
    figures.add(most("latency, median", ms(latency, 0.5), " ms", nan));
    figures.add(most("latency, 99 %", ms(latency, 0.99), " ms", expect.latencyP99Ms()));
    figures.add(new Judged("opinion score of 95 %", mosOf(0.05), "", expect.mosP5(), true));
    figures.add(most("talk that somebody did not hear", unheard, "", expect.unheard()));
    figures.add(most("errors", countedErrors, "", expect.errors()));
    figures.add(most("generator late with a packet, at worst", mostLateMs, " ms", nan));
    return figures;
  }

  private static Judged most(String what, double value, String unit, double limit) {
    return new Judged(what, value, unit, limit, false);
  }

  private static double share(long part, long all) {
    return all == 0 ? Double.NaN : 100.0 * part / all;
  }

  static double ms(LatencyHistogram times, double share) {
    return times.total() == 0 ? Double.NaN : times.percentile(share) / 1e6;
  }

  /** The lower end of the class in which that share of all streams ends. */
  private double mosOf(double share) {
    long all = 0;
    for (long each : mos) {
      all += each;
    }
    long seen = 0;
    for (int i = 0; i < mos.length && all > 0; i++) {
      seen += mos[i];
      if (seen >= share * all) {
        return 1 + i / 10.0;
      }
    }
    return Double.NaN;
  }
}
