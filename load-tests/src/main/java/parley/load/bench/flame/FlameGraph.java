package parley.load.bench.flame;

import java.util.Formatter;
import java.util.Locale;

/** A flame graph as one picture without scripts: callers below, width is time. */
public final class FlameGraph {

  private static final int WIDTH = 1200;
  private static final int ROW = 17;
  private static final int HEAD = 44;

  /** Narrower than this nobody can point at. */
  private static final double LEAST_WIDTH = 0.8;

  private static final double CHARACTER = 6.2;

  private static final int MOST_ROWS = 48;

  private final Stacks stacks;
  private final String title;
  private final Formatter svg = new Formatter(Locale.ROOT);
  private int rows;

  /**
   * @param title in a line
   */
  public FlameGraph(Stacks stacks, String title) {
    this.stacks = stacks;
    this.title = title;
  }

  /** Whose code a frame is, and its colour. */
  enum Owner {
    KERNEL("kernel", "#e8a87c"),
    PARLEY("Parley", "#8fb4e3"),
    JAVA("JDK and libraries", "#b9d8a8"),
    NATIVE("native code", "#d9d2c3");

    final String label;
    final String color;

    Owner(String label, String color) {
      this.label = label;
      this.color = color;
    }

    static Owner of(String frame) {
      if (frame.endsWith("_[k]")) {
        return KERNEL;
      }
      if (frame.startsWith("parley.")) {
        return PARLEY;
      }
      return frame.matches("[a-z]\\w*(\\.\\w+)+\\.[\\w$<>.]+") ? JAVA : NATIVE;
    }
  }

  public String svg() {
    rows = Math.min(MOST_ROWS, depth(stacks.root(), WIDTH));
    int height = HEAD + rows * ROW + 8;
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"11\">%n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n",
        WIDTH, height, WIDTH, height);
    svg.format("<text x=\"6\" y=\"16\" font-size=\"13\">%s</text>%n", escaped(title));
    int x = 6;
    for (Owner owner : Owner.values()) {
      svg.format(
          "<rect x=\"%d\" y=\"24\" width=\"12\" height=\"12\" fill=\"%s\"/>", x, owner.color);
      svg.format("<text x=\"%d\" y=\"34\">%s</text>%n", x + 16, owner.label);
      x += 150;
    }
    draw(stacks.root(), 0, WIDTH, 0);
    return svg.format("</svg>%n").toString();
  }

  private static int depth(Stacks.Node node, double width) {
    int deepest = 0;
    for (Stacks.Node child : node.children()) {
      double own = width * child.samples() / node.samples();
      if (own >= LEAST_WIDTH) {
        deepest = Math.max(deepest, depth(child, own));
      }
    }
    return 1 + deepest;
  }

  private void draw(Stacks.Node node, double x, double width, int row) {
    double share = 100.0 * node.samples() / stacks.samples();
    String name = node.frame.replace("_[k]", "");
    svg.format(
        "<g><title>%s: %.2f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
            + " fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"0.5\"/>",
        escaped(name),
        share,
        x,
        HEAD + (rows - 1 - row) * ROW,
        width,
        ROW - 1,
        Owner.of(node.frame).color);
    String label = fitting(shortened(name), width);
    if (!label.isEmpty()) {
      svg.format(
          "<text x=\"%.1f\" y=\"%d\">%s</text>",
          x + 2, HEAD + (rows - 1 - row) * ROW + 12, escaped(label));
    }
    svg.format("</g>%n");
    if (row + 1 == rows) {
      return;
    }
    double at = x;
    for (Stacks.Node child : node.children()) {
      double own = width * child.samples() / node.samples();
      if (own >= LEAST_WIDTH) {
        draw(child, at, own, row + 1);
      }
      at += own;
    }
  }

  /** {@code parley.relay.net.SendBatch.send} is {@code SendBatch.send}. */
  private static String shortened(String name) {
    int method = name.lastIndexOf('.');
    int type = method < 0 ? -1 : name.lastIndexOf('.', method - 1);
    return type < 0 ? name : name.substring(type + 1);
  }

  private static String fitting(String label, double width) {
    int characters = (int) ((width - 4) / CHARACTER);
    if (characters < 3) {
      return "";
    }
    return label.length() <= characters ? label : label.substring(0, characters - 1) + "…";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
