package parley.signalling.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.signalling.schema.Schemas;

/** The AsyncAPI document of the link names the messages that the code reads and writes. */
class LinkAsyncApiTest {

  private JsonNode document;

  @BeforeEach
  void read() throws IOException {
    try (InputStream in = LinkAsyncApiTest.class.getResourceAsStream("/asyncapi-link.yaml")) {
      document = new YAMLMapper().readTree(in);
    }
  }

  @Test
  void isAnAsyncApiDocument() {
    assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
    assertThat(document.at("/info/title").isTextual()).isTrue();
    assertThat(document.at("/info/version").isTextual()).isTrue();
    assertThat(document.at("/channels/link/address").asText()).isEqualTo(LinkDoor.PATH);
    assertThat(document.at("/components/securitySchemes/bearer/scheme").asText())
        .isEqualTo("bearer");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    for (JsonNode reference : document.findValues("$ref")) {
      String[] at = reference.asText().split("#", 2);
      JsonNode in = at[0].isEmpty() ? document : Schemas.file(at[0].replace("schema/", ""));
      assertThat(in.at(at.length == 1 ? "" : at[1]).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void namesExactlyTheMessagesOfTheCode() {
    assertThat(said("chatServerSays", "receive"))
        .containsExactlyInAnyOrder("hello", "opened", "event", "closed", "ack");
    assertThat(said("parleySays", "send"))
        .containsExactlyInAnyOrder("welcome", "send", "calls", "refused", "ack");
    document
        .at("/components/messages")
        .properties()
        .forEach(
            message -> {
              String name = message.getKey();
              assertThat(message.getValue().path("name").asText()).isEqualTo(name);
              assertThat(message.getValue().at("/payload/$ref").asText())
                  .isEqualTo("schema/link." + name + ".json");
              assertThat(
                      Schemas.file("link." + name + ".json").at("/properties/type/const").asText())
                  .isEqualTo(name);
              assertThat(document.at("/channels/link/messages").path(name).path("$ref").asText())
                  .isEqualTo("#/components/messages/" + name);
            });
  }

  @Test
  void namesEveryRefusal() {
    Set<String> told = new TreeSet<>();
    Schemas.file("link.refused.json")
        .at("/properties/code/enum")
        .forEach(code -> told.add(code.asText()));
    Set<String> known = new TreeSet<>();
    for (Refusal refusal : Refusal.values()) {
      known.add(refusal.name());
    }
    assertThat(told).isEqualTo(known);
  }

  private Set<String> said(String operation, String action) {
    JsonNode found = document.path("operations").path(operation);
    assertThat(found.path("action").asText()).isEqualTo(action);
    Set<String> names = new TreeSet<>();
    for (JsonNode message : found.path("messages")) {
      names.add(message.path("$ref").asText().replace("#/channels/link/messages/", ""));
    }
    return names;
  }
}
