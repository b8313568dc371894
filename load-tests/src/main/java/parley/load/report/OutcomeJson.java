package parley.load.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The outcome of a run for programs. What was not measured (NaN) is null. */
public final class OutcomeJson {

  private OutcomeJson() {}

  public static void write(Outcome outcome, Path file) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    ObjectNode tree = json.valueToTree(outcome);
    tree.put("met", outcome.met());
    nullNaN(tree);
    json.writeValue(file.toFile(), tree);
  }

  private static void nullNaN(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : object.properties().stream().map(Map.Entry::getKey).toList()) {
        JsonNode value = object.get(name);
        if (value.isDouble() && !Double.isFinite(value.doubleValue())) {
          object.putNull(name);
        } else {
          nullNaN(value);
        }
      }
    } else {
      node.forEach(OutcomeJson::nullNaN);
    }
  }
}
