package parley.load.bench.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import parley.load.bench.Bar;

/**
 * What one server did.
 *
 * @param readyMs from the start of its process until it was ready
 * @param wanted joins a second that were tried
 * @param reached joins a second that were done
 * @param cold set-up of those who came slowly, to a server just started
 * @param warm set-up of those after them
 * @param cpuMs user and system time of the server for each who joined
 * @param sound from the offer to the first packet heard, one person at a time
 */
record StormResult(
    String server,
    String version,
    double readyMs,
    int wanted,
    double reached,
    Arrivals cold,
    Arrivals warm,
    double cpuMs,
    Arrivals sound) {

  static String head() {
    return String.format(
        Locale.ROOT,
        "%-8s %8s %9s %26s %26s %8s %26s",
        "server",
        "ready ms",
        "joins/s",
        "set-up ms p50/p95/max",
        "just started: p50/p95/max",
        "CPU ms",
        "first sound ms p50/p95/max");
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "%-8s %8.0f %9.0f %26s %26s %8.2f %26s",
        server,
        readyMs,
        reached,
        text(warm),
        text(cold),
        cpuMs,
        text(sound));
  }

  private static String text(Arrivals arrivals) {
    return String.format(
        Locale.ROOT, "%.0f / %.0f / %.0f", arrivals.ms(0.5), arrivals.ms(0.95), arrivals.ms(1));
  }

  /** What Parley has to reach. */
  List<Bar> bars() {
    List<Bar> bars = new ArrayList<>();
    bars.add(new Bar("start to ready, ms", readyMs, 2000));
    bars.add(new Bar(wanted + " joins/s: set-up p95, ms", warm.ms(0.95), 1000));
    bars.add(new Bar("joins/s that are lacking, %", 100 * (1 - reached / wanted), 5));
    bars.add(new Bar("offer to first sound p95, ms", sound.ms(0.95), 300));
    return bars;
  }
}
