package parley.signalling.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document is one, and names the events that the code knows. */
class AsyncApiTest {

  private JsonNode document;

  @BeforeEach
  void read() throws IOException {
    try (InputStream in = AsyncApiTest.class.getResourceAsStream("/asyncapi.yaml")) {
      document = new YAMLMapper().readTree(in);
    }
  }

  @Test
  void hasWhatTheSpecificationRequires() {
    assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
    assertThat(names(document))
        .isSubsetOf(
            "asyncapi",
            "info",
            "defaultContentType",
            "servers",
            "channels",
            "operations",
            "components");
    assertThat(document.at("/info/title").isTextual()).isTrue();
    assertThat(document.at("/info/version").isTextual()).isTrue();
    for (JsonNode server : document.path("servers")) {
      assertThat(names(server)).contains("host", "protocol");
    }
    for (JsonNode operation : document.path("operations")) {
      assertThat(operation.path("action").asText()).isIn("send", "receive");
      assertThat(operation.path("channel").path("$ref").asText()).isEqualTo("#/channels/messaging");
      assertThat(names(operation))
          .isSubsetOf("action", "title", "summary", "description", "channel", "messages");
    }
    for (JsonNode message : document.at("/components/messages")) {
      assertThat(names(message)).isSubsetOf("name", "title", "summary", "payload");
    }
    for (JsonNode scheme : document.at("/components/securitySchemes")) {
      assertThat(scheme.path("type").isTextual()).isTrue();
    }
    assertThat(names(document.at("/channels/messaging/parameters"))).containsOnly("team_uid");
    assertThat(document.at("/channels/messaging/address").asText())
        .isEqualTo("/messaging/{team_uid}");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).hasSizeGreaterThan(80);
    for (JsonNode reference : references) {
      String[] at = reference.asText().split("#", 2);
      JsonNode in = at[0].isEmpty() ? document : Schemas.file(at[0].replace("schema/", ""));
      assertThat(in.at(at.length == 1 ? "" : at[1]).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void namesExactlyTheEventsOfTheCode() {
    Set<String> received = sent("clientEvents", "receive");
    Set<String> sent = sent("serverEvents", "send");
    assertThat(received).isEqualTo(ClientSchemaTest.names());
    Set<String> written = new HashSet<>();
    RandomEvents events = new RandomEvents(new Random(3));
    RandomEvents.types().forEach(type -> written.add(events.next(type).name()));
    assertThat(sent).isEqualTo(written);
    Set<String> all = new HashSet<>(received);
    all.addAll(sent);
    assertThat(names(document.at("/components/messages"))).isEqualTo(all);
    assertThat(names(document.at("/channels/messaging/messages"))).isEqualTo(all);
  }

  @Test
  void everyMessageIsItsOwnEvent() {
    document
        .at("/components/messages")
        .properties()
        .forEach(
            message -> {
              String name = message.getKey();
              JsonNode channel = document.at("/channels/messaging/messages").path(name);
              assertThat(channel.path("$ref").asText()).isEqualTo("#/components/messages/" + name);
              assertThat(message.getValue().path("name").asText()).isEqualTo(name);
              assertThat(message.getValue().at("/payload/$ref").asText())
                  .isEqualTo("schema/" + name + ".json");
              assertThat(Schemas.file(name + ".json").at("/properties/event/const").asText())
                  .isEqualTo(name);
            });
  }

  private Set<String> sent(String operation, String action) {
    JsonNode found = document.path("operations").path(operation);
    assertThat(found.path("action").asText()).isEqualTo(action);
    List<String> names = new ArrayList<>();
    for (JsonNode message : found.path("messages")) {
      names.add(message.path("$ref").asText().replace("#/channels/messaging/messages/", ""));
    }
    assertThat(names).doesNotHaveDuplicates();
    return new HashSet<>(names);
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
