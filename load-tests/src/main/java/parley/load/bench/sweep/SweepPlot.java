package parley.load.bench.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import parley.load.report.Picture;

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

  /** What is drawn of each curve; {@code step} lies between two lines across. */
  private record Figure(
      String title, ToDoubleFunction<Heard> of, double least, double most, double step) {
    double share(double value) {
      return (Math.clamp(value, least, most) - least) / (most - least);
    }
  }

  private static final Figure HEARD =
      new Figure("heard, %", heard -> 100 * heard.heard(), 50, 100, 10);
  private static final Figure MOS = new Figure("MOS (E-model)", Heard::mos, 1, 4.5, 0.5);

  private final List<Sweep.Curve> curves;

  SweepPlot(List<Sweep.Curve> curves) {
    this.curves = List.copyOf(curves);
  }

  String svg() {
    Picture picture =
        new Picture(LEFT + SWEEPS.length * (PANEL + GAP_X), TOP + 2 * (HEIGHT + GAP_Y) + 10);
    int keyX = LEFT;
    for (Protection protection : Protection.values()) {
      picture.key(keyX, 16, color(protection), name(protection));
      keyX += 150;
    }
    for (int column = 0; column < SWEEPS.length; column++) {
      int x = LEFT + column * (PANEL + GAP_X);
      draw(HEARD, column, picture.panel(x, TOP, PANEL, HEIGHT, HEARD.title));
      draw(MOS, column, picture.panel(x, TOP + HEIGHT + GAP_Y, PANEL, HEIGHT, MOS.title));
    }
    return picture.svg();
  }

  private static String color(Protection protection) {
    return switch (protection) {
      case NONE -> Picture.RED;
      case FEC -> Picture.YELLOW;
      case ALL -> Picture.BLUE;
    };
  }

  private static String name(Protection protection) {
    return switch (protection) {
      case NONE -> "nothing";
      case FEC -> "in-band FEC";
      case ALL -> "FEC, RED and NACK, as browsers";
    };
  }

  private void draw(Figure figure, int column, Picture.Panel panel) {
    int steps = (int) Math.round((figure.most - figure.least) / figure.step);
    for (int i = 0; i <= steps; i++) {
      panel.value((double) i / steps, number(figure.least + figure.step * i));
    }
    boolean labelled = false;
    for (Sweep.Curve curve : curves) {
      if (!curve.sweep().equals(SWEEPS[column])) {
        continue;
      }
      int[] at = curve.at();
      double[] across =
          Arrays.stream(at).mapToDouble(i -> (double) i / at[at.length - 1]).toArray();
      double[] up = curve.heard().stream().mapToDouble(figure.of).map(figure::share).toArray();
      panel.curve(color(curve.protection()), across, up);
      for (int i = 0; !labelled && i < at.length; i++) {
        if (i == 0 || across[i] * PANEL > LABEL_ROOM) {
          panel.place(across[i], Integer.toString(at[i]));
        }
      }
      labelled = true;
    }
    panel.axis(AXES[column]);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Integer.toString((int) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
