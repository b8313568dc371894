package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import parley.signalling.call.CallPlace;
import parley.signalling.schema.Schemas;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.Jid;
import parley.signalling.wire.WireMapper;

/** What is sent is what the schemas say, and means what they say. */
class WebhookBodyTest {

  private final JsonMapper json = WireMapper.create();
  private final Schemas schemas = new Schemas();

  @Test
  void everyEventIsDescribedAndNoMore() {
    Set<String> seen = new TreeSet<>();
    for (CallPlace place : List.of(Samples.group(), Samples.direct())) {
      for (CallEvent event : Samples.all(place)) {
        JsonNode body = one(event);
        String type = body.path("type").asText();
        seen.add(type);
        assertThat(schemas.problems("webhook." + type, body)).as(body.toPrettyString()).isEmpty();
        ObjectNode more = body.deepCopy();
        ((ObjectNode) more.path("data")).put("more", 1);
        assertThat(schemas.problems("webhook." + type, more)).isNotEmpty();
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(WebhookType.names());
  }

  @Test
  void namesAGroupByItsJidAndADirectChatByItsMembers() {
    JsonNode group = one(Samples.started(Samples.group(), Samples.newCall())).at("/data/chat");
    assertThat(group.path("jid").asText()).isEqualTo(Samples.MEETING.toString());
    assertThat(group.has("members")).isFalse();
    JsonNode direct = one(Samples.started(Samples.direct(), Samples.newCall())).at("/data/chat");
    assertThat(direct.path("members")).hasSize(2);
    assertThat(direct.has("jid")).isFalse();
  }

  @Test
  void tellsWhoIsRungWhereToOfferTo() {
    JsonNode data =
        one(Samples.buzz(Samples.direct(), Samples.newCall(), List.of(Samples.contact(1))))
            .path("data");
    assertThat(data.path("jid").asText()).isEqualTo(Samples.contact(0).toString());
    assertThat(data.path("actor").path("jid").asText()).isEqualTo(Samples.contact(0).toString());
    assertThat(data.path("members").get(0).asText()).isEqualTo(Samples.contact(1).toString());
    assertThat(data.path("rings_until").asText()).isEqualTo("2026-01-02T03:04:50.678901Z");
  }

  @Test
  void tellsALargeGroupInSeveralSmallBodies() {
    List<Jid> members = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      members.add(Jid.of("d-" + UUID.randomUUID()));
    }
    List<Jid> told = new ArrayList<>();
    for (WebhookBody body :
        WebhookBody.of(Samples.buzz(Samples.group(), Samples.newCall(), members))) {
      assertThat(write(body).length()).isLessThan(20_000);
      told.addAll(((WebhookBody.Buzz) body.data()).members());
    }
    assertThat(told).isEqualTo(members);
  }

  @Test
  void tellsHowLongACallLasted() {
    JsonNode data =
        one(Samples.finished(
                Samples.group(),
                Samples.newCall(),
                Duration.ofMillis(62_500),
                Samples.contact(1),
                Samples.contact(0)))
            .path("data");
    assertThat(data.path("duration").asDouble()).isEqualTo(62.5);
    assertThat(data.path("caller").asText()).isEqualTo(Samples.contact(1).toString());
    assertThat(data.path("participants")).hasSize(2);
  }

  @Test
  void tellsAMissedCallByItsLackOfAStart() {
    var event = Samples.finished(Samples.direct(), Samples.newCall(), null, Samples.contact(0));
    JsonNode body = one(event);
    assertThat(schemas.problems("webhook.call.finished", body)).isEmpty();
    assertThat(body.path("data").has("start")).isFalse();
    assertThat(body.at("/data/duration").asDouble()).isZero();
  }

  private JsonNode one(CallEvent event) {
    List<WebhookBody> bodies = WebhookBody.of(event);
    assertThat(bodies).hasSize(1);
    return json.valueToTree(bodies.getFirst());
  }

  private String write(WebhookBody body) {
    return json.valueToTree(body).toString();
  }
}
