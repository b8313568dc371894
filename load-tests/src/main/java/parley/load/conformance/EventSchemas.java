package parley.load.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The schemas that the server ships: which events there are, and what each looks like. */
final class EventSchemas {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
  private final List<String> clientEvents = names("client-event");
  private final List<String> serverEvents = names("server-event");

  List<String> clientEvents() {
    return clientEvents;
  }

  List<String> serverEvents() {
    return serverEvents;
  }

  /** What keeps a frame from being the event it says it is; empty: it is right. */
  List<String> problems(JsonNode frame) {
    String event = frame.path("event").asText();
    if (!clientEvents.contains(event) && !serverEvents.contains(event)) {
      return List.of("the protocol has no event called \"" + event + "\"");
    }
    return schemas
        .computeIfAbsent(
            event, e -> registry.getSchema(SchemaLocation.of("classpath:schema/" + e + ".json")))
        .validate(frame)
        .stream()
        .map(Error::toString)
        .toList();
  }

  static JsonNode read(String json) throws JsonProcessingException {
    return JSON.readTree(json);
  }

  private static List<String> names(String index) {
    try (InputStream in = EventSchemas.class.getResourceAsStream("/schema/" + index + ".json")) {
      List<String> names = new ArrayList<>();
      for (JsonNode each : JSON.readTree(in).path("oneOf")) {
        names.add(each.path("$ref").asText().replaceFirst("\\.json$", ""));
      }
      return List.copyOf(names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
