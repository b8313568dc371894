package parley.signalling.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;

class OnlineSpliceTest {

  private static final String OURS =
      "{\"jid\":\"g-3f7e2a85-49f5-4586-8229-d9c52813dcb2\",\"uid\":\"c1\",\"online_count\":2}";

  private static final List<OnlineCall> CALLS =
      List.of(
          new OnlineCall(
              Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2"), new CallId("c1"), null, 2));

  private static @Nullable String add(String online) {
    byte[] added = new OnlineSplice().add(online.getBytes(StandardCharsets.UTF_8), CALLS);
    return added == null ? null : new String(added, StandardCharsets.UTF_8);
  }

  @Test
  void putsOurCallsIntoTheListAndChangesNothingElse() {
    assertThat(
            add(
                "{ \"event\" :\"server.online\",\n"
                    + "\"params\":{\"calls\" : [ ],\"contacts\":[ 1.0 ]}}"))
        .isEqualTo(
            "{ \"event\" :\"server.online\",\n\"params\":{\"calls\" : ["
                + OURS
                + "],\"contacts\":[ 1.0 ]}}");
  }

  @Test
  void makesTheListWhereThereIsNone() {
    assertThat(add("{\"params\":{\"contacts\":[\"ü\"]},\"event\":\"server.online\"}"))
        .isEqualTo(
            "{\"params\":{\"contacts\":[\"ü\"],\"calls\":["
                + OURS
                + "]},\"event\":\"server.online\"}");
    assertThat(add("{\"params\":{}}")).isEqualTo("{\"params\":{\"calls\":[" + OURS + "]}}");
    assertThat(add("{\"params\":{\"calls\":null,\"a\":1}}"))
        .isEqualTo("{\"params\":{\"calls\":[" + OURS + "],\"a\":1}}");
  }

  @Test
  void keepsTheChatServersCallsButOfTheSameChat() {
    assertThat(
            add(
                "{\"params\":{\"calls\":[{\"jid\":\"g-1\", \"x\":{}},"
                    + " {\"jid\":\"G-3F7E2A85-49F5-4586-8229-D9C52813DCB2\"}]}}"))
        .isEqualTo("{\"params\":{\"calls\":[{\"jid\":\"g-1\", \"x\":{}}," + OURS + "]}}");
  }

  @Test
  void leavesAloneWhatItCannotRead() {
    assertThat(add("{\"event\":\"server.online\"}")).isNull();
    assertThat(add("{\"params\":[]}")).isNull();
    assertThat(add("{\"params\":{\"calls\":[1]}}")).isNull();
    assertThat(add("{\"params\":{\"calls\":[]}")).isNull();
    assertThat(add("nothing")).isNull();
  }
}
