package parley.load.bench.sweep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import parley.load.impair.Impairment;

/** All weathers, all protections. */
final class Sweep {

  static final int[] LOSS_PERCENT = {0, 1, 2, 5, 10, 15, 20, 25, 30};
  static final int[] JITTER_MS = {0, 25, 50, 100, 150, 200};

  /** Packets in a row on average: 80 ms. */
  static final double BURST = 4;

  private static final Duration OVERTAKEN_BY = Duration.ofMillis(50);

  /** Values along one axis, for one protection. */
  record Curve(String sweep, Protection protection, int[] at, List<Heard> heard) {}

  private final int seeds;

  /**
   * @param seeds calls of a minute that each figure is the mean of
   */
  Sweep(int seeds) {
    this.seeds = seeds;
  }

  List<Curve> curves() {
    List<Curve> curves = new ArrayList<>();
    for (Protection protection : Protection.values()) {
      curves.add(
          curve(
              "random loss",
              protection,
              LOSS_PERCENT,
              percent -> Impairment.NONE.withLoss(percent / 100.0)));
    }
    for (Protection protection : Protection.values()) {
      curves.add(
          curve(
              "bursty loss",
              protection,
              LOSS_PERCENT,
              percent -> Impairment.NONE.withBurstyLoss(percent / 100.0, BURST)));
    }
    curves.add(
        curve(
            "jitter",
            Protection.ALL,
            JITTER_MS,
            ms -> Impairment.NONE.withDelay(Duration.ZERO, Duration.ofMillis(ms))));
    return curves;
  }

  /** What happens once, or is no matter of degree. */
  Map<String, Heard> incidents() {
    Map<String, Heard> incidents = new LinkedHashMap<>();
    incidents.put("a good network", mean(Weather.FAIR));
    incidents.put(
        "10 % of packets overtaken by 50 ms",
        mean(Weather.of(Impairment.NONE.withReorder(0.1, OVERTAKEN_BY))));
    incidents.put("10 % of packets twice", mean(Weather.of(Impairment.NONE.withDuplicate(0.1))));
    incidents.put(
        "all of it: 5 % loss, 100 ms jitter, 5 % overtaken, 5 % twice",
        mean(
            Weather.of(
                Impairment.NONE
                    .withLoss(0.05)
                    .withDuplicate(0.05)
                    .withReorder(0.05, OVERTAKEN_BY)
                    .withDelay(Duration.ZERO, Duration.ofMillis(100)))));
    incidents.put("a blackout of 8 s", mean(Weather.FAIR.withBlackout(Duration.ofSeconds(8))));
    incidents.put("a NAT rebinding every 10 s", mean(Weather.FAIR.withRebindings(5)));
    return incidents;
  }

  private interface Degree {
    Impairment of(int value);
  }

  private Curve curve(String sweep, Protection protection, int[] at, Degree degree) {
    List<Heard> heard = new ArrayList<>();
    for (int value : at) {
      heard.add(mean(Weather.of(degree.of(value)), protection));
    }
    return new Curve(sweep, protection, at, heard);
  }

  private Heard mean(Weather weather) {
    return mean(weather, Protection.ALL);
  }

  Heard mean(Weather weather, Protection protection) {
    double heard = 0;
    double concealed = 0;
    double delayMs = 0;
    double gapMs = 0;
    double mos = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      Heard one = SimulatedCall.of(weather, protection, seed);
      heard += one.heard() / seeds;
      concealed += one.concealed() / seeds;
      delayMs += one.delayMs() / seeds;
      gapMs = Math.max(gapMs, one.longestGapMs());
      mos += one.mos() / seeds;
    }
    return new Heard(heard, concealed, delayMs, gapMs, mos);
  }
}
