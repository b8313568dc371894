package parley.load.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import parley.load.report.Picture;

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
  private record Curve(String title, ToDoubleFunction<Load> of, int lowest, int highest) {
    double share(double power) {
      return (power - lowest) / (highest - lowest);
    }
  }

  private static final Curve[] CURVES = {
    new Curve("NATS: messages delivered a second", Load::busMessages, 1, 10),
    new Curve("one NATS cluster, % of its processors", load -> 100 * load.natsShare(), -3, 5),
    new Curve("one bucket, % of what it bears", load -> 100 * load.leaseShare(), -3, 3),
    new Curve("calls' thread, % of a processor", load -> 100 * load.threadShare(), -1, 4),
    new Curve("set-up, ms (ends where it never comes)", Load::setUpMs, 1, 4),
    new Curve("€ an hour for 1,000 people in calls", Load::euros, -2, 2),
  };

  private final ClusterModel model;
  private final int mostNodes;

  ModelPlot(ClusterModel model, int mostNodes) {
    this.model = model;
    this.mostNodes = mostNodes;
  }

  String svg() {
    int rows = (CURVES.length + COLUMNS - 1) / COLUMNS;
    Picture picture = new Picture(LEFT + COLUMNS * (PANEL + GAP_X), TOP + rows * (HEIGHT + GAP_Y));
    int keyX = LEFT;
    for (Design design : Design.values()) {
      picture.key(keyX, 14, color(design), design.text());
      keyX += 330;
    }
    for (int i = 0; i < CURVES.length; i++) {
      int x = LEFT + i % COLUMNS * (PANEL + GAP_X);
      int y = TOP + i / COLUMNS * (HEIGHT + GAP_Y);
      draw(CURVES[i], picture.panel(x, y, PANEL, HEIGHT, CURVES[i].title));
    }
    return picture.svg();
  }

  private static String color(Design design) {
    return switch (design) {
      case EVERYBODY -> Picture.RED;
      case BY_TEAM -> Picture.YELLOW;
      case CELLS -> Picture.BLUE;
    };
  }

  private void draw(Curve curve, Picture.Panel panel) {
    for (int power = curve.lowest; power <= curve.highest; power++) {
      panel.value(curve.share(power), power(power));
    }
    for (int nodes = 1; nodes <= mostNodes; nodes *= 10) {
      panel.place(across(nodes), String.valueOf(nodes));
    }
    for (Design design : Design.values()) {
      draw(curve, design, panel);
    }
  }

  private void draw(Curve curve, Design design, Picture.Panel panel) {
    double[] across = new double[POINTS + 1];
    double[] up = new double[POINTS + 1];
    int count = 0;
    int before = 0;
    for (int i = 0; i <= POINTS; i++) {
      int nodes = (int) Math.round(Math.pow(mostNodes, i / (double) POINTS));
      double value = curve.of.applyAsDouble(model.of(nodes, design));
      if (nodes == before || value <= 0 || Double.isInfinite(value)) {
        continue;
      }
      before = nodes;
      double share = curve.share(Math.log10(value));
      if (share >= 0 && share <= 1) {
        across[count] = across(nodes);
        up[count++] = share;
      }
    }
    panel.curve(color(design), Arrays.copyOf(across, count), Arrays.copyOf(up, count));
  }

  private double across(int nodes) {
    return mostNodes == 1 ? 0 : Math.log(nodes) / Math.log(mostNodes);
  }

  private static String power(int of) {
    return of < 0
        ? String.format(Locale.ROOT, "%." + -of + "f", Math.pow(10, of))
        : of < 4 ? String.valueOf((int) Math.pow(10, of)) : "10^" + of;
  }
}
