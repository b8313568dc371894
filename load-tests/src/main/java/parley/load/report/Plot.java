package parley.load.report;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * A picture of figures with axes and units, as SVG within a page that has the classes {@code axis},
 * {@code grid}, {@code label} and {@code s1} … {@code s4}. Wide enough for a phone, so that its
 * letters are as large there as the page's.
 */
public final class Plot {

  private static final int WIDTH = 340;
  private static final int HEIGHT = 190;
  private static final int LEFT = 42;
  private static final int RIGHT = 332;
  private static final int TOP = 10;
  private static final int BOTTOM = 160;
  private static final int LINES = 4;

  private final Formatter svg = new Formatter(Locale.ROOT);
  private final String title;
  private final double most;

  private Plot(String title, double highest) {
    this.title = title;
    this.most = roundUp(highest);
  }

  /**
   * Figures over time.
   *
   * @param title with the unit, for people who do not see the picture
   * @param atS of each value, ascending
   * @param least the axis goes up to this at least
   */
  public static String lines(String title, List<Double> atS, List<Series> series, double least) {
    double highest =
        series.stream()
            .flatMap(line -> line.values().stream())
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
    Plot plot = new Plot(title, Math.max(highest, least));
    double endS = atS.isEmpty() ? 1 : Math.max(1, atS.getLast());
    plot.begin();
    plot.timeAxis(endS);
    series.forEach(line -> plot.line(atS, line, endS));
    return plot.end();
  }

  /**
   * How many of each.
   *
   * @param labels under the bars; an empty one is left out
   */
  public static String bars(String title, List<String> labels, long[] values) {
    long highest = 0;
    for (long value : values) {
      highest = Math.max(highest, value);
    }
    Plot plot = new Plot(title, highest);
    plot.begin();
    double each = (double) (RIGHT - LEFT) / values.length;
    for (int i = 0; i < values.length; i++) {
      double x = LEFT + i * each;
      double y = plot.y(values[i]);
      plot.svg.format(
          "<rect class=\"b1\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
          x + 0.5, y, Math.max(0.5, each - 1), BOTTOM - y);
      if (!labels.get(i).isEmpty()) {
        plot.text(x + each / 2, BOTTOM + 14, "middle", labels.get(i));
      }
    }
    return plot.end();
  }

  private void begin() {
    svg.format(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH, HEIGHT, HtmlText.escape(title));
    for (int i = 0; i <= LINES; i++) {
      double value = most * i / LINES;
      double y = y(value);
      svg.format(
          "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          i == 0 ? "axis" : "grid", LEFT, RIGHT, y, y);
      text(LEFT - 4, y + 4, "end", axisNumber(value));
    }
  }

  private void timeAxis(double endS) {
    boolean minutes = endS >= 180;
    double unit = minutes ? 60 : 1;
    double step = roundUp(endS / unit / 4);
    for (double at = 0; at <= endS / unit + 1e-9; at += step) {
      double x = x(at * unit, endS);
      svg.format(
          "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
          x, x, BOTTOM, BOTTOM + 3);
      text(x, BOTTOM + 15, "middle", axisNumber(at));
    }
    text(RIGHT, BOTTOM + 28, "end", minutes ? "minutes" : "seconds");
  }

  private void line(List<Double> atS, Series line, double endS) {
    StringBuilder path = new StringBuilder();
    boolean on = false;
    for (int i = 0; i < atS.size(); i++) {
      double value = line.values().get(i);
      if (!Double.isFinite(value)) {
        on = false;
        continue;
      }
      boolean lonely = !on && (i + 1 == atS.size() || !Double.isFinite(line.values().get(i + 1)));
      path.append(
          String.format(Locale.ROOT, "%s%.1f %.1f", on ? "L" : "M", x(atS.get(i), endS), y(value)));
      if (lonely) {
        path.append("h1"); // one value by itself would not be seen
      }
      on = true;
    }
    svg.format("<path class=\"s%d\" d=\"%s\"/>", line.color(), path);
  }

  private String end() {
    return svg.format("</svg>").toString();
  }

  private double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * Math.clamp(value / most, 0.0, 1.0);
  }

  private static double x(double seconds, double endS) {
    return LEFT + (RIGHT - LEFT) * seconds / endS;
  }

  private void text(double x, double y, String anchor, String text) {
    svg.format(
        "<text class=\"label\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x, y, anchor, HtmlText.escape(text));
  }

  /** A number of one digit that people like at an axis: 1, 2, 4 or 5 with zeros, or 8. */
  static double roundUp(double value) {
    if (!(value > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double digit : new double[] {1, 2, 4, 5, 8}) {
      if (value <= digit * power * (1 + 1e-9)) {
        return digit * power;
      }
    }
    return 10 * power;
  }

  private static String axisNumber(double value) {
    if (value >= 10_000) {
      return String.format(Locale.ROOT, "%.0fk", value / 1000);
    }
    String text = String.format(Locale.ROOT, "%.3f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
