package parley.load.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import parley.load.report.Judged;

/**
 * Whether a figure grows: its trend is above zero with 95 % confidence, and what that makes in the
 * time that was judged is more than the figure wavers by itself.
 *
 * @param an how much it grows in an hour
 * @param total in the time that was judged
 * @param tolerated of the total
 */
record Verdict(String what, String unit, Trend anHour, double total, double tolerated) {

  /** What is watched, and how much of a change over the whole soak is none. */
  static List<Verdict> of(List<Minute> minutes) {
    return List.of(
        of("heap after collection", " MB", 3, minutes, minute -> minute.figures().heapMb()),
        of("direct memory", " MB", 3, minutes, minute -> minute.figures().directMb()),
        of("open files", "", 4, minutes, minute -> minute.figures().files()),
        of("UDP ports", "", 0.5, minutes, minute -> minute.figures().udpPorts()),
        of("threads", "", 3, minutes, minute -> minute.figures().threads()),
        of("set-up time, 99 %", " ms", 100, minutes, Minute::setUpP99Ms));
  }

  private static Verdict of(
      String what,
      String unit,
      double tolerated,
      List<Minute> minutes,
      ToDoubleFunction<Minute> value) {
    List<Minute> known =
        minutes.stream().filter(minute -> Double.isFinite(value.applyAsDouble(minute))).toList();
    double[] at = known.stream().mapToDouble(minute -> minute.at() / 60).toArray();
    double[] values = known.stream().mapToDouble(value).toArray();
    Trend trend =
        known.size() < 3 ? new Trend(Double.NaN, Double.NaN, Double.NaN) : Trend.of(at, values);
    double hours = known.isEmpty() ? 0 : at[at.length - 1] - at[0];
    return new Verdict(what, unit, trend, trend.slope() * hours, tolerated);
  }

  /** Not when it could not be measured. */
  boolean flat() {
    return anHour.lowest() <= 0 || total <= tolerated;
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "%-6s %s: %+.2f%s an hour (95 %%: %+.2f to %+.2f), %+.2f%s in all, up to %.1f%s is noise",
        flat() ? "flat" : "GROWS",
        what,
        anHour.slope(),
        unit,
        anHour.lowest(),
        anHour.highest(),
        total,
        unit,
        tolerated,
        unit);
  }

  /** For the page: the lower end of what it grows by for sure, if that is more than noise. */
  Judged judged() {
    double sure = Double.isNaN(total) ? Double.NaN : flat() ? Math.min(total, tolerated) : total;
    return new Judged(what + ": change by trend", sure, unit, tolerated, false);
  }
}
