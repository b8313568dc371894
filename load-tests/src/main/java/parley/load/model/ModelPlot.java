package parley.load.model;

import java.util.Formatter;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Curves over the number of nodes, both axes by powers of ten: load, cost and latency. */
final class ModelPlot {

  private static final int PANEL = 270;
  private static final int HEIGHT = 190;
  private static final int LEFT = 60;
  private static final int TOP = 50;
  private static final int GAP_X = 60;
  private static final int GAP_Y = 66;
  private static final int COLUMNS = 3;
  private static final int POINTS = 120;

  /** A curve over the number of nodes; {@code lowest} and {@code highest} are powers of ten. */
  private record Panel(String title, ToDoubleFunction<Load> of, int lowest, int highest) {}

  private static final Panel[] PANELS = {
    new Panel("NATS: messages delivered a second", Load::busMessages, 1, 10),
    new Panel("one NATS cluster, % of its processors", load -> 100 * load.natsShare(), -3, 5),
    new Panel("one bucket, % of what it bears", load -> 100 * load.leaseShare(), -3, 3),
    new Panel("calls' thread, % of a processor", load -> 100 * load.threadShare(), -1, 4),
    new Panel("set-up, ms (ends where it never comes)", Load::setUpMs, 1, 4),
    new Panel("€ an hour for 1,000 people in calls", Load::euros, -2, 2),
  };

  private final ClusterModel model;
  private final int mostNodes;
  private final Formatter svg = new Formatter(Locale.ROOT);

  ModelPlot(ClusterModel model, int mostNodes) {
    this.model = model;
    this.mostNodes = mostNodes;
  }

  String svg() {
    int rows = (PANELS.length + COLUMNS - 1) / COLUMNS;
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">%n",
        LEFT + COLUMNS * (PANEL + GAP_X), TOP + rows * (HEIGHT + GAP_Y));
    // Readable on a dark page too.
    svg.format("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n");
    legend();
    for (int i = 0; i < PANELS.length; i++) {
      draw(PANELS[i], LEFT + i % COLUMNS * (PANEL + GAP_X), TOP + i / COLUMNS * (HEIGHT + GAP_Y));
    }
    return svg.format("</svg>%n").toString();
  }

  private void legend() {
    int x = LEFT;
    for (Design design : Design.values()) {
      svg.format(
          "<line x1=\"%d\" x2=\"%d\" y1=\"14\" y2=\"14\" stroke=\"%s\" stroke-width=\"3\"/>%n",
          x, x + 24, color(design));
      text(x + 30, 18, "start", design.text());
      x += 330;
    }
  }

  private static String color(Design design) {
    return switch (design) {
      case EVERYBODY -> "#b5533b";
      case BY_TEAM -> "#c9a227";
      case CELLS -> "#3b62b5";
    };
  }

  private void draw(Panel panel, int x, int y) {
    text(x, y - 8, "start", panel.title);
    svg.format(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#cccccc\"/>%n",
        x, y, PANEL, HEIGHT);
    for (int power = panel.lowest; power <= panel.highest; power++) {
      double at =
          y + HEIGHT - HEIGHT * (power - panel.lowest) / (double) (panel.highest - panel.lowest);
      text(x - 6, at + 4, "end", power(power));
      svg.format(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eeeeee\"/>%n",
          x, x + PANEL, at, at);
    }
    for (int nodes = 1; nodes <= mostNodes; nodes *= 10) {
      text(x + across(nodes), y + HEIGHT + 16, "middle", String.valueOf(nodes));
    }
    for (Design design : Design.values()) {
      curve(panel, design, x, y);
    }
  }

  private void curve(Panel panel, Design design, int x, int y) {
    svg.format("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"", color(design));
    int before = 0;
    for (int i = 0; i <= POINTS; i++) {
      int nodes = (int) Math.round(Math.pow(mostNodes, i / (double) POINTS));
      double value = panel.of.applyAsDouble(model.of(nodes, design));
      if (nodes == before || value <= 0 || Double.isInfinite(value)) {
        continue;
      }
      before = nodes;
      double share = (Math.log10(value) - panel.lowest) / (double) (panel.highest - panel.lowest);
      if (share >= 0 && share <= 1) {
        svg.format("%.1f,%.1f ", x + across(nodes), y + HEIGHT - HEIGHT * share);
      }
    }
    svg.format("\"/>%n");
  }

  private double across(int nodes) {
    return mostNodes == 1 ? 0 : PANEL * Math.log(nodes) / Math.log(mostNodes);
  }

  private static String power(int of) {
    return of < 0
        ? String.format(Locale.ROOT, "%." + -of + "f", Math.pow(10, of))
        : of < 4 ? String.valueOf((int) Math.pow(10, of)) : "10^" + of;
  }

  private void text(double x, double y, String anchor, String text) {
    svg.format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
        x, y, anchor, text);
  }
}
