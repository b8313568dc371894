package parley.load.report;

import java.util.Formatter;
import java.util.Locale;

/** An SVG that stands by itself, in a document: panels with curves, and what their colours mean. */
public final class Picture {

  /** Of three curves, from the worst to the best. */
  public static final String RED = "#b5533b";

  public static final String YELLOW = "#c9a227";
  public static final String BLUE = "#3b62b5";

  private static final int KEY_LENGTH = 24;

  private final Formatter svg = new Formatter(Locale.ROOT);

  public Picture(int width, int height) {
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">%n",
        width, height);
    // Readable on a dark page too.
    svg.format("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n");
  }

  /** What a colour means; {@code y} is the middle of the line. */
  public void key(int x, int y, String color, String text) {
    svg.format(
        "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>%n",
        x, x + KEY_LENGTH, y, y, color);
    text(x + KEY_LENGTH + 6, y + 4, "start", text);
  }

  /** An empty panel with its title above it. */
  public Panel panel(int x, int y, int width, int height, String title) {
    text(x, y - 7, "start", title);
    svg.format(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999999\"/>%n",
        x, y, width, height);
    return new Panel(x, y, width, height);
  }

  /** All of it, once. */
  public String svg() {
    return svg.format("</svg>%n").toString();
  }

  private void text(double x, double y, String anchor, String text) {
    svg.format(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
        x, y, anchor, text);
  }

  /** Places in it are shares of its width from the left, and of its height from below. */
  public final class Panel {

    private final int x;
    private final int y;
    private final int width;
    private final int height;

    private Panel(int x, int y, int width, int height) {
      this.x = x;
      this.y = y;
      this.width = width;
      this.height = height;
    }

    /** A line all across, and the value that it stands for. */
    public void value(double up, String text) {
      double at = y + height * (1 - up);
      text(x - 6, at + 4, "end", text);
      svg.format(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eeeeee\"/>%n",
          x, x + width, at, at);
    }

    /** What a place across stands for. */
    public void place(double across, String text) {
      text(x + width * across, y + height + 16, "middle", text);
    }

    /** What all places stand for. */
    public void axis(String text) {
      text(x + width / 2.0, y + height + 31, "middle", text);
    }

    /** From point to point. */
    public void curve(String color, double[] across, double[] up) {
      svg.format("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"", color);
      for (int i = 0; i < across.length; i++) {
        svg.format(
            "%s%.1f,%.1f", i == 0 ? "" : " ", x + width * across[i], y + height * (1 - up[i]));
      }
      svg.format("\"/>%n");
    }
  }
}
