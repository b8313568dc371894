package parley.load.bench;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import parley.load.bench.measure.Measured;
import parley.load.bench.measure.Spread;
import parley.load.bench.measure.Turn;
import parley.load.bench.server.Shape;

/** Bars for people: what a packet costs, and how late it comes, by shape and server. */
final class ForwardPlot {

  private static final int WIDTH = 860;
  private static final int LABELS = 190;
  private static final int COLUMN = 300;
  private static final int GAP = 60;
  private static final int ROW = 18;
  private static final int HEAD = 46;

  private final Map<Shape, List<Measured>> results;
  private final Formatter svg = new Formatter(Locale.ROOT);

  ForwardPlot(Map<Shape, List<Measured>> results) {
    this.results = results;
  }

  String svg() {
    int rows = results.values().stream().mapToInt(measured -> measured.size() + 2).sum();
    int height = HEAD + rows * ROW;
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">%n",
        WIDTH, height);
    // Readable on a dark page too.
    svg.format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, height);
    int second = LABELS + COLUMN + GAP;
    text(LABELS, 18, "start", "CPU µs a packet: user, system");
    text(second, 18, "start", "latency ms: p50, p99");
    double mostCpu = largest(Turn::cpuUs);
    double mostP99 = largest(turn -> turn.p99Ns() / 1e6);
    int y = HEAD;
    for (Map.Entry<Shape, List<Measured>> shape : results.entrySet()) {
      text(4, y + ROW - 5, "start", shape.getKey().toString());
      y += ROW;
      for (Measured measured : shape.getValue()) {
        text(LABELS - 8, y + ROW - 5, "end", measured.server());
        bars(LABELS, y, mostCpu, measured.spread(Turn::userUs), measured.spread(Turn::cpuUs));
        bars(
            second,
            y,
            mostP99,
            measured.spread(turn -> turn.p50Ns() / 1e6),
            measured.spread(turn -> turn.p99Ns() / 1e6));
        y += ROW;
      }
      y += ROW;
    }
    return svg.format("</svg>%n").toString();
  }

  private double largest(ToDoubleFunction<Turn> of) {
    return results.values().stream()
        .flatMap(List::stream)
        .mapToDouble(measured -> measured.spread(of).highest())
        .max()
        .orElse(1);
  }

  /** A bar up to the median, its first part dark, and a line from the lowest to the highest. */
  private void bars(int x, int y, double most, Spread part, Spread whole) {
    double scale = (COLUMN - 40) / Math.max(most, 1e-9);
    rectangle(x, y, whole.median() * scale, "#9db8e8");
    rectangle(x, y, Math.min(part.median(), whole.median()) * scale, "#3b62b5");
    svg.format(
        "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#222222\"/>%n",
        x + whole.lowest() * scale, x + whole.highest() * scale, y + ROW / 2, y + ROW / 2);
    text(
        (int) (x + whole.highest() * scale) + 5,
        y + ROW - 5,
        "start",
        String.format(Locale.ROOT, "%.2f", whole.median()));
  }

  private void rectangle(int x, int y, double width, String color) {
    svg.format(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
        x, y + 2, width, ROW - 4, color);
  }

  private void text(int x, int y, String anchor, String text) {
    svg.format(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
        x, y, anchor, text);
  }
}
