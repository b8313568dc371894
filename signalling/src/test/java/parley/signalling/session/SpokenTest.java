package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;
import parley.signalling.call.CallKey;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** What a client said of which call, and what of it still counts. */
class SpokenTest {

  private final EventCodec codec = new EventCodec();
  private final Spoken spoken = new Spoken();

  private static CallKey place(int number) {
    Jid chat = Jid.of("g-3f7e2a85-49f5-4586-8229-%012d".formatted(number));
    return CallKey.chat(new TeamId("team"), chat);
  }

  private long says(String event, int place) {
    return says(event, place, TextNode.valueOf(event));
  }

  private long says(String event, int place, JsonNode text) {
    String sdp = event.equals("offer") ? ",\"sdp\":\"v=0\"" : "";
    String json =
        "{\"event\":\"client.call.%s\",\"params\":{\"jid\":\"%s\"%s}}"
            .formatted(event, World.MEETING, sdp);
    Decoded decoded = codec.decode(json);
    assertThat(decoded).isInstanceOf(Decoded.Accepted.class);
    var said = (ClientEvent.OfCall) ((Decoded.Accepted) decoded).event();
    return spoken.add(place(place), said, text);
  }

  @Test
  void takesAnOfferBackByALeaveThatCameLater() {
    long offer = says("offer", 1);
    assertThat(spoken.isVoid(place(1), offer)).isFalse();
    long leave = says("leave", 1);
    assertThat(spoken.isVoid(place(1), offer)).isTrue();
    assertThat(spoken.isVoid(place(1), leave)).isFalse();
    spoken.served(place(1));
    assertThat(spoken.isVoid(place(1), leave)).isTrue();
  }

  @Test
  void hasLeftForGoodWhenItWasToldSo() {
    says("offer", 1);
    spoken.served(place(1));
    assertThat(spoken.left(place(1))).isNull();
    long leave = says("leave", 1, TextNode.valueOf("as it said it"));
    assertThat(spoken.left(place(1))).as("on its way").isNull();
    spoken.served(place(1));
    assertThat(spoken.left(place(1)))
        .isEqualTo(new Spoken.Words(leave, TextNode.valueOf("as it said it")));
    says("offer", 1);
    assertThat(spoken.left(place(1))).isNull();
    spoken.served(place(1));
    assertThat(spoken.left(place(1))).isNull();
  }

  @Test
  void remembersFewPlacesAndTakesTheOthersForOver() {
    long first = says("offer", 0);
    for (int place = 1; place < Spoken.MAX_PLACES; place++) {
      says("offer", place);
    }
    assertThat(spoken.isVoid(place(0), first)).as("room for all").isFalse();
    long second = says("offer", 1);
    says("offer", Spoken.MAX_PLACES); // the first was asked about, so the third is the oldest
    says("offer", Spoken.MAX_PLACES + 1);
    says("offer", Spoken.MAX_PLACES + 2);
    assertThat(spoken.isVoid(place(1), second)).isFalse();
    assertThat(spoken.isVoid(place(2), 3)).as("forgotten").isTrue();
    long again = says("offer", 2);
    assertThat(spoken.isVoid(place(2), 3)).isTrue();
    assertThat(spoken.isVoid(place(2), again)).isFalse();
  }
}
