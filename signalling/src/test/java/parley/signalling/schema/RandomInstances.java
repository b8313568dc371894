package parley.signalling.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Valid JSON made from a schema: the keywords that the schemas of what comes in use. */
public final class RandomInstances {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Random random;

  public RandomInstances(Random random) {
    this.random = random;
  }

  /** A frame that is this event, or this message of a link. */
  public ObjectNode event(String name) {
    return (ObjectNode) value(Schemas.file(name + ".json"));
  }

  /** Any JSON, four levels deep at most. */
  public JsonNode anything() {
    return anything(3);
  }

  private JsonNode value(JsonNode schema) {
    if (schema.has("$ref")) {
      String[] at = schema.get("$ref").asText().split("#", 2);
      return value(Schemas.file(at[0]).at(at[1]));
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    return switch (type(schema.path("type"))) {
      case "null" -> NODES.nullNode();
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "integer" -> schema.has("minimum") ? count(schema) : integer();
      case "string" -> NODES.textNode(schema.has("pattern") ? named(schema) : text(schema));
      case "array" -> array(schema);
      case "object" -> object(schema);
      default -> throw new IllegalStateException("no values are known for " + schema);
    };
  }

  private String type(JsonNode type) {
    return type.isArray() ? type.get(random.nextInt(type.size())).asText() : type.asText();
  }

  private JsonNode integer() {
    return switch (random.nextInt(4)) {
      case 0 -> NODES.numberNode(0);
      case 1 -> NODES.numberNode(random.nextInt());
      case 2 -> NODES.numberNode((double) random.nextInt(100));
      default -> NODES.numberNode(random.nextBoolean() ? Integer.MIN_VALUE : Integer.MAX_VALUE);
    };
  }

  private JsonNode count(JsonNode schema) {
    long least = schema.get("minimum").asLong();
    long most = schema.get("maximum").asLong();
    return switch (random.nextInt(3)) {
      case 0 -> NODES.numberNode(least);
      case 1 -> NODES.numberNode(most);
      default -> NODES.numberNode(least + random.nextInt(1_000));
    };
  }

  /** What fits one of the patterns there are. */
  private String named(JsonNode schema) {
    String pattern = schema.get("pattern").asText();
    if (pattern.contains("https?")) {
      return List.of("", "http://127.0.0.1:8080", "https://calls.example").get(random.nextInt(3));
    }
    if (pattern.startsWith("^[0-9")) {
      return jid().substring(2);
    }
    return pattern.startsWith("^d-") ? "d-" + jid().substring(2) : jid();
  }

  private String jid() {
    String uuid = new UUID(random.nextLong(), random.nextLong()).toString();
    String jid = List.of("d-", "g-", "t-").get(random.nextInt(3)) + uuid;
    return random.nextBoolean() ? jid : jid.substring(0, 2) + uuid.toUpperCase(Locale.ROOT);
  }

  private String text(JsonNode schema) {
    int most = schema.path("maxLength").asInt();
    String letter = List.of("a", "ж", "\uD83D\uDE00", "\"", "\u0000").get(random.nextInt(5));
    // The longest offer is tried by hand: a hundred of them take long.
    int least = schema.path("minLength").asInt();
    int length =
        random.nextInt(8) == 0 ? Math.min(most, 4096) : Math.clamp(random.nextInt(20), least, most);
    return letter.repeat(length);
  }

  private ArrayNode array(JsonNode schema) {
    ArrayNode array = NODES.arrayNode();
    int most = schema.path("maxItems").asInt();
    int size = random.nextInt(20) == 0 ? most : random.nextInt(4);
    for (int i = 0; i < size; i++) {
      array.add(value(schema.get("items")));
    }
    return array;
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode object = NODES.objectNode();
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      if (required.contains(field.getKey()) || random.nextBoolean()) {
        object.set(field.getKey(), value(field.getValue()));
      }
    }
    if (random.nextInt(3) == 0) {
      object.set("unknown", anything());
    }
    return object;
  }

  private JsonNode anything(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextInt());
      case 3 -> NODES.numberNode(random.nextLong());
      case 4 -> NODES.numberNode(random.nextInt() + 0.5);
      case 5 -> NODES.textNode(jid());
      case 6 -> NODES.textNode(List.of("", "x", jid() + "\n", " ").get(random.nextInt(4)));
      case 7 -> NODES.arrayNode().add(anything(depth - 1)).add(anything(depth - 1));
      default -> NODES.objectNode().set("jid", anything(depth - 1));
    };
  }
}
