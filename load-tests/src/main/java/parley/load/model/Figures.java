package parley.load.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import parley.load.bench.measure.Spread;
import parley.load.bench.measure.Turn;

/** A number for each {@link Quantity}, and where it comes from. */
final class Figures {

  /** In the shape with many small calls; a file of {@code bench forward} may have others, too. */
  private static final String SHAPE = "44x10/2";

  private static final String SERVER = "parley";

  /**
   * One number.
   *
   * @param source what measured it, or why it is assumed
   */
  record Figure(double value, boolean measured, String source) {}

  private final Map<Quantity, Figure> all;

  private Figures(Map<Quantity, Figure> all) {
    this.all = all;
  }

  /** What stands in the module's own file. */
  static Figures usual() throws IOException {
    try (InputStream in = Figures.class.getResourceAsStream("figures.json")) {
      if (in == null) {
        throw new IOException("figures.json is not among the classes");
      }
      var found = new EnumMap<Quantity, Figure>(Quantity.class);
      read(new ObjectMapper().readTree(in), found);
      for (Quantity each : Quantity.values()) {
        if (!found.containsKey(each)) {
          throw new IOException("figures.json lacks " + each.key());
        }
      }
      return new Figures(found);
    }
  }

  /**
   * Others from a file: of the same form, with bare numbers, or what {@code bench forward --json}
   * has written.
   *
   * @throws IOException with a sentence that names what is wrong in it
   */
  Figures with(Path file) throws IOException {
    JsonNode tree = new ObjectMapper().readTree(Files.readString(file));
    var changed = new EnumMap<>(all);
    if (tree.has("machine")) {
      readForwarding(tree, file, changed);
    } else {
      read(tree, changed);
    }
    return new Figures(changed);
  }

  Figures with(Quantity quantity, double value, String source) {
    var changed = new EnumMap<>(all);
    changed.put(quantity, new Figure(value, true, source));
    return new Figures(changed);
  }

  double get(Quantity quantity) {
    return figure(quantity).value();
  }

  Figure figure(Quantity quantity) {
    Figure figure = all.get(quantity);
    if (figure == null) {
      throw new IllegalStateException(quantity + " was not read");
    }
    return figure;
  }

  private static void read(JsonNode tree, Map<Quantity, Figure> into) throws IOException {
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      Quantity quantity =
          Quantity.of(field.getKey())
              .orElseThrow(
                  () ->
                      new IOException(
                          "\""
                              + field.getKey()
                              + "\" is no figure of the model; right would be one of "
                              + Arrays.stream(Quantity.values()).map(Quantity::key).toList()));
      JsonNode value =
          field.getValue().isObject() ? field.getValue().get("value") : field.getValue();
      if (value == null || !value.isNumber() || value.asDouble() < 0) {
        throw new IOException(
            field.getKey() + ": right would be a number of " + quantity.unit() + ", 0 or more");
      }
      into.put(
          quantity,
          new Figure(
              value.asDouble(),
              field.getValue().path("measured").asBoolean(false),
              field.getValue().path("source").asText("as asked for")));
    }
  }

  private static void readForwarding(JsonNode tree, Path file, Map<Quantity, Figure> into)
      throws IOException {
    JsonNode turns = turnsOf(tree.path(SHAPE));
    if (turns.isEmpty()) {
      throw new IOException(
          file + " holds no turns of " + SERVER + " in the shape " + SHAPE + " (--shapes)");
    }
    String source = "bench forward, " + SHAPE + ", " + tree.path("machine").asText();
    into.put(Quantity.PACKET_CPU, new Figure(median(turns, Turn::cpuUs), true, source));
    into.put(
        Quantity.FORWARD_P50, new Figure(median(turns, turn -> turn.p50Ns() / 1e6), true, source));
    into.put(
        Quantity.FORWARD_P99, new Figure(median(turns, turn -> turn.p99Ns() / 1e6), true, source));
  }

  private static JsonNode turnsOf(JsonNode servers) {
    for (JsonNode each : servers) {
      if (each.path("server").asText().equals(SERVER)) {
        return each.path("turns");
      }
    }
    return MissingNode.getInstance();
  }

  private static double median(JsonNode turns, ToDoubleFunction<Turn> of) throws IOException {
    List<Double> values = new ArrayList<>();
    for (JsonNode each : turns) {
      values.add(of.applyAsDouble(new ObjectMapper().treeToValue(each, Turn.class)));
    }
    return Spread.of(values).median();
  }
}
