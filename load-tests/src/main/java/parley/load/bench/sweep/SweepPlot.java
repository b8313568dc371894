package parley.load.bench.sweep;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The curves as a picture: heard and MOS, by random loss, bursty loss and jitter. */
final class SweepPlot {

  private static final int PANEL = 250;
  private static final int HEIGHT = 170;
  private static final int LEFT = 56;
  private static final int TOP = 44;
  private static final int GAP_X = 46;
  private static final int GAP_Y = 62;
  private static final String[] SWEEPS = {"random loss", "bursty loss", "jitter"};
  private static final String[] AXES = {
    "% lost each way", "% lost each way, 80 ms in a row", "ms of jitter each way"
  };

  /** Nearer to the origin than this labels would run into each other. */
  private static final int LABEL_ROOM = 14;

  private static final double LEAST_HEARD = 50;
  private static final double LEAST_MOS = 1;
  private static final double MOST_MOS = 4.5;

  private final List<Sweep.Curve> curves;
  private final Formatter svg = new Formatter(Locale.ROOT);

  SweepPlot(List<Sweep.Curve> curves) {
    this.curves = List.copyOf(curves);
  }

  String svg() {
    int width = LEFT + SWEEPS.length * (PANEL + GAP_X);
    int height = TOP + 2 * (HEIGHT + GAP_Y) + 10;
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">%n",
        width, height);
    // Readable on a dark page too.
    svg.format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", width, height);
    legend();
    for (int column = 0; column < SWEEPS.length; column++) {
      int x = LEFT + column * (PANEL + GAP_X);
      panel(x, TOP, column, "heard, %", heard -> 100 * heard.heard(), LEAST_HEARD, 100);
      panel(x, TOP + HEIGHT + GAP_Y, column, "MOS (E-model)", Heard::mos, LEAST_MOS, MOST_MOS);
    }
    return svg.format("</svg>%n").toString();
  }

  private static String color(Protection protection) {
    return switch (protection) {
      case NONE -> "#b5533b";
      case FEC -> "#c9a227";
      case ALL -> "#3b62b5";
    };
  }

  private static String name(Protection protection) {
    return switch (protection) {
      case NONE -> "nothing";
      case FEC -> "in-band FEC";
      case ALL -> "FEC, RED and NACK, as browsers";
    };
  }

  private void legend() {
    int x = LEFT;
    for (Protection protection : Protection.values()) {
      svg.format(
          "<line x1=\"%d\" x2=\"%d\" y1=\"16\" y2=\"16\" stroke=\"%s\" stroke-width=\"2\"/>%n",
          x, x + 24, color(protection));
      text(x + 30, 20, "start", name(protection));
      x += 150;
    }
  }

  private void panel(
      int x,
      int y,
      int column,
      String what,
      ToDoubleFunction<Heard> of,
      double least,
      double most) {
    text(x, y - 6, "start", what);
    svg.format(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999999\"/>%n",
        x, y, PANEL, HEIGHT);
    int steps = (int) Math.round((most - least) / (most > MOST_MOS ? 10 : 0.5));
    for (int i = 0; i <= steps; i++) {
      double value = least + (most - least) * i / steps;
      double at = y + HEIGHT - (double) HEIGHT * i / steps;
      text(x - 5, (int) at + 4, "end", number(value));
      svg.format(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eeeeee\"/>%n",
          x, x + PANEL, at, at);
    }
    boolean labelled = false;
    for (Sweep.Curve curve : curves) {
      if (!curve.sweep().equals(SWEEPS[column])) {
        continue;
      }
      int last = curve.at()[curve.at().length - 1];
      StringBuilder points = new StringBuilder();
      for (int i = 0; i < curve.at().length; i++) {
        double share = (double) curve.at()[i] / last;
        double value = Math.clamp(of.applyAsDouble(curve.heard().get(i)), least, most);
        double pointX = x + PANEL * share;
        double pointY = y + HEIGHT - HEIGHT * (value - least) / (most - least);
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", pointX, pointY));
        if (!labelled && (i == 0 || share * PANEL > LABEL_ROOM)) {
          text((int) pointX, y + HEIGHT + 15, "middle", Integer.toString(curve.at()[i]));
        }
      }
      labelled = true;
      svg.format(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
          points.toString().strip(), color(curve.protection()));
    }
    text(x + PANEL / 2, y + HEIGHT + 31, "middle", AXES[column]);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Integer.toString((int) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private void text(int x, int y, String anchor, String text) {
    svg.format(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
        x, y, anchor, text);
  }
}
