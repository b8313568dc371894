package parley.load.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;

/** What the model says, as text: Markdown, so that it can stand in a page. */
final class ModelTable {

  private static final double MILLION = 1e6;

  private final ClusterModel model;
  private final Figures figures;
  private final int mostNodes;
  private final StringBuilder text = new StringBuilder();

  ModelTable(ClusterModel model, Figures figures, int mostNodes) {
    this.model = model;
    this.figures = figures;
    this.mostNodes = mostNodes;
  }

  /** The tables of all designs, what breaks first, and what all of it stands on. */
  String text() {
    line(
        "A node carries %,.0f people in calls, and %,.0f who are connected.",
        model.peopleOfANode(), model.peopleOfANode() * figures.get(Quantity.SOCKETS));
    line(
        "Audio takes %.2f ms in a node (99 of 100 packets: %.2f ms), however many there are.",
        figures.get(Quantity.FORWARD_P50), figures.get(Quantity.FORWARD_P99));
    for (Design design : Design.values()) {
      table(design);
    }
    sources();
    return text.toString();
  }

  private void table(Design design) {
    line("");
    line("**%s**", capital(design.text()));
    line("");
    line(
        "| nodes | people in calls | bus: messages/s | MB/s | subjects | lease changes/s | CPU for"
            + " each other | calls' thread | NATS: CPU | network | bucket | known of others |"
            + " set-up, ms | a node dies: s | € an hour for 1,000 |");
    line("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (int nodes : Series.upTo(mostNodes)) {
      Load load = model.of(nodes, design);
      line(
          "| %,d | %,.0f | %,.0f | %,.1f | %,.0f | %,.0f | %s | %s | %s | %s | %s | %s | %s | %s |"
              + " %.2f |",
          nodes,
          load.people(),
          load.busMessages(),
          load.busBytes() / MILLION,
          load.subjects(),
          load.leaseWrites(),
          percent(load.talkShare()),
          percent(load.threadShare()),
          percent(load.natsShare()),
          percent(load.networkShare()),
          percent(load.leaseShare()),
          percent(load.heapShare()),
          time(load.setUpMs(), "%.0f"),
          nodes == 1 ? "–" : time(load.recoveryS(), "%.1f"),
          load.euros());
    }
    line("");
    breaks(design);
  }

  /** Which limits are reached, with the fewest nodes first. */
  private void breaks(Design design) {
    record Broken(int nodes, Limit limit) {}
    var broken =
        Arrays.stream(Limit.values())
            .flatMap(
                limit ->
                    limit.reachedWith(model, design, mostNodes).stream()
                        .map(nodes -> new Broken(nodes, limit)))
            .sorted(Comparator.comparingInt(Broken::nodes))
            .toList();
    if (broken.isEmpty()) {
      line("Bears %,d nodes.", mostNodes);
      return;
    }
    for (int i = 0; i < broken.size(); i++) {
      Broken each = broken.get(i);
      line(
          "%d. With %,d nodes: %s. What would be done: %s.",
          i + 1, each.nodes(), each.limit().what(), each.limit().remedy());
    }
  }

  private void sources() {
    line("");
    line("| figure | | | from |");
    line("|---|---|---|---|");
    for (Quantity each : Quantity.values()) {
      Figures.Figure figure = figures.figure(each);
      line(
          "| `%s` | %s | %s | %s%s |",
          each.key(),
          number(figure.value()),
          each.unit(),
          figure.measured() ? "measured: " : "",
          figure.source());
    }
  }

  private static String capital(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }

  private static String percent(double share) {
    return share > 10
        ? "> 1,000 %"
        : String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
  }

  private static String time(double value, String form) {
    return Double.isInfinite(value) ? "never" : String.format(Locale.ROOT, form, value);
  }

  private static String number(double value) {
    String form = value >= 100 ? "%,.0f" : value >= 1 ? "%.2f" : "%.3f";
    String plain = String.format(Locale.ROOT, form, value);
    return plain.contains(".") ? plain.replaceAll("\\.?0+$", "") : plain;
  }

  private void line(String form, Object... values) {
    text.append(String.format(Locale.ROOT, form, values)).append('\n');
  }
}
