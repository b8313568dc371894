package parley.signalling.directory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import parley.signalling.access.ChatServer;
import parley.signalling.callback.CallbackClient;
import parley.signalling.wire.TeamId;

/** {@code openapi/directory-callback.yaml} against what is really asked and understood. */
class DirectoryCallbackTest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonNode DOCUMENT = document();
  private static final JsonNode ASKED = DOCUMENT.at("/paths/~1{team}/get");

  /** What the client adds to every request. */
  private static final Set<String> OF_HTTP =
      Set.of(
          "accept",
          "connection",
          "content-length",
          "host",
          "http2-settings",
          "upgrade",
          "user-agent");

  @Test
  void describesEveryKeyThatIsReadAndNoOther() {
    assertThat(keys("Team")).isEqualTo(components(TeamAnswer.class));
    assertThat(keys("Contact")).isEqualTo(components(TeamAnswer.ContactAnswer.class));
    assertThat(keys("Chat")).isEqualTo(components(TeamAnswer.ChatAnswer.class));
  }

  @Test
  void understandsItsExample() throws Exception {
    JsonNode example = ASKED.at("/responses/200/content/application~1json/example");
    assertThat(schema("Team").validate(example)).isEmpty();
    Team team = parse(example);
    assertThat(team.contacts()).hasSize(2);
    Contact alice = team.contacts().iterator().next();
    assertThat(requireNonNull(alice.icons().sm()).url())
        .isEqualTo("https://chat.example/pictures/alice.png");
    assertThat(team.chats()).singleElement().extracting(Chat::everyoneCalls).isEqualTo(false);
  }

  @Test
  void understandsEverythingThatItDescribes() throws Exception {
    Schema described = schema("Team");
    for (int seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var team = (ObjectNode) value(DOCUMENT.at("/components/schemas/Team"), "Team", random);
      assertThat(described.validate(team)).as("seed %d: %s", seed, team).isEmpty();
      Team read = parse(team);
      assertThat(read.contacts()).as("seed %d", seed).hasSameSizeAs(team.get("contacts"));
    }
  }

  @Test
  void asksAsItDescribes() {
    try (var server = new ChatServer();
        var teams =
            new CallbackTeams(
                new CallbackTeams.Source(
                    server.url("/parley/teams"),
                    "Bearer secret",
                    Duration.ofNanos(1),
                    Duration.ofHours(1)),
                new CallbackClient(Duration.ofSeconds(20)),
                team -> true,
                System::nanoTime)) {
      JsonNode example = ASKED.at("/responses/200/content/application~1json/example");
      server.answer = r -> example.toString();
      server.etag = "\"1\"";
      var uid = new TeamId(example.get("uid").asText());
      teams.find(uid).join();
      teams.find(uid).join();
      assertThat(server.paths).hasSize(2).containsOnly("/parley/teams/" + uid);
      assertThat(server.method).isEqualTo("GET");
      Set<String> described = new TreeSet<>(OF_HTTP);
      ASKED.get("parameters").forEach(each -> described.add(lower(each.get("name").asText())));
      described.add(lower(DOCUMENT.at("/components/securitySchemes/authorization/name").asText()));
      Stream<String> sent = server.headers.keySet().stream().map(DirectoryCallbackTest::lower);
      assertThat(sent).isSubsetOf(described).contains("authorization", "if-none-match");
    }
  }

  private static Team parse(JsonNode answer) throws Exception {
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    return TeamAnswer.parse(body, new TeamId(answer.get("uid").asText().toLowerCase(Locale.ROOT)));
  }

  /** A value of a schema; {@code name} is its key. */
  private static JsonNode value(JsonNode schema, String name, Random random) {
    if (schema.has("$ref")) {
      return value(DOCUMENT.at(schema.get("$ref").asText().substring(1)), name, random);
    }
    if (schema.has("enum")) {
      JsonNode words = schema.get("enum");
      return words.get(random.nextInt(words.size()));
    }
    return switch (schema.get("type").asText()) {
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "string" -> NODES.textNode(text(schema, name, random));
      case "array" -> {
        ArrayNode array = NODES.arrayNode();
        int size = schema.path("minItems").asInt() + random.nextInt(4);
        for (int i = 0; i < size; i++) {
          array.add(value(schema.get("items"), name, random));
        }
        yield array;
      }
      case "object" -> {
        ObjectNode object = NODES.objectNode();
        List<String> required = schema.get("required").valueStream().map(JsonNode::asText).toList();
        for (Map.Entry<String, JsonNode> field : schema.get("properties").properties()) {
          if (required.contains(field.getKey()) || random.nextBoolean()) {
            object.set(field.getKey(), value(field.getValue(), field.getKey(), random));
          }
        }
        yield random.nextBoolean() ? object : object.put("unknown", 1);
      }
      default -> throw new IllegalStateException("no values are known for " + schema);
    };
  }

  private static String text(JsonNode schema, String name, Random random) {
    String uuid = new UUID(random.nextLong(), random.nextLong()).toString();
    String pattern = schema.path("pattern").asText();
    if (pattern.startsWith("^#")) {
      return "#%06x".formatted(random.nextInt(1 << 24));
    }
    if (pattern.startsWith("^https")) {
      return "https://chat.example/" + uuid + "?size=64&[a]=%20#x";
    }
    return switch (name) {
      case "uid" -> uuid;
      case "jid" -> (pattern.contains("gt") ? random.nextBoolean() ? "g-" : "t-" : "d-") + uuid;
      case "members" -> "d-" + uuid;
      case "letters" -> "ÄÖ\uD83D\uDE00ab".substring(0, 1 + random.nextInt(5));
      default -> List.of("", "  ", "Ann", "\uD83D\uDE00 \"O'Neil\" <b>").get(random.nextInt(4));
    };
  }

  private static Set<String> keys(String schema) {
    Set<String> keys = new TreeSet<>();
    DOCUMENT
        .at("/components/schemas/" + schema + "/properties")
        .fieldNames()
        .forEachRemaining(keys::add);
    return keys;
  }

  private static Set<String> components(Class<? extends Record> type) {
    Set<String> names = new TreeSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      names.add(SnakeCaseStrategy.INSTANCE.translate(component.getName()));
    }
    return names;
  }

  private static Schema schema(String name) {
    ObjectNode whole = DOCUMENT.at("/components/schemas/" + name).deepCopy();
    whole.set("components", DOCUMENT.get("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(SchemaLocation.of("classpath:directory-callback-" + name + ".json"), whole);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static JsonNode document() {
    try (InputStream in =
        DirectoryCallbackTest.class.getResourceAsStream("/openapi/directory-callback.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
