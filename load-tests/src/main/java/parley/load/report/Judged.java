package parley.load.report;

import java.util.Locale;

/**
 * A figure, and what it was expected to be.
 *
 * @param limit NaN: nothing was expected
 * @param atLeast whether the figure has to be as much, else it may not be more
 */
public record Judged(String what, double value, String unit, double limit, boolean atLeast) {

  /** Whether anything was expected. */
  public boolean judged() {
    return !Double.isNaN(limit);
  }

  /** Nothing was expected, or it came out so. What could not be measured has not. */
  public boolean met() {
    return !judged() || (atLeast ? value >= limit : value <= limit);
  }

  /** The figure with its unit. */
  public String valueText() {
    return Double.isNaN(value) ? "not measured" : number(value) + unit;
  }

  /** What was expected, with the unit. */
  public String limitText() {
    return judged() ? (atLeast ? "at least " : "at most ") + number(limit) + unit : "";
  }

  /** A line for people. */
  public String text() {
    String verdict = judged() ? met() ? "met" : "MISSED" : "";
    return "%-7s %s: %s%s"
        .formatted(verdict, what, valueText(), judged() ? ", " + limitText() : "");
  }

  static String number(double value) {
    double size = Math.abs(value);
    String format =
        value == Math.rint(value) ? "%.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
