package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.signalling.wire.OnlineCall;

class ReachTest {

  private static final Duration LONG = Duration.ofMinutes(3);

  private final World world = new World();

  @Test
  void leavesTimePresenceAndLoginsToTheChatServer() {
    World.Client alice = world.signInBehindAChatServer("Alice");
    world.signInBehindAChatServer("Alice");
    world.signIn("Alice");
    world.signInBehindAChatServer("Bob").leaves();
    world.pass(LONG);
    assertThat(alice.hears()).isEmpty();
  }

  @Test
  void tellsTheLinkWhichCallsRunAtFirstAndOnEachChange() {
    World.Client alice = world.signInBehindAChatServer("Alice");
    assertThat(alice.calls).containsExactly(List.of());
    World.Client bob = world.signInBehindAChatServer("Bob");
    bob.offers(World.MEETING);
    world.pass(LONG);
    assertThat(alice.calls).hasSize(2);
    assertThat(alice.calls.getLast())
        .extracting(OnlineCall::jid, OnlineCall::onlineCount)
        .containsExactly(tuple(World.MEETING, 1));
    assertThat(world.signInBehindAChatServer("Carol").calls.getFirst()).hasSize(1);
    bob.says("{'event':'client.call.leave','params':{'jid':'" + World.MEETING + "'}}");
    world.pass(LONG);
    assertThat(alice.calls).hasSize(3).last().isEqualTo(List.of());
  }

  @Test
  void carriesCallsBetweenBothKindsOfSessions() {
    World.Client alice = world.signInBehindAChatServer("Alice");
    World.Client bob = world.signIn("Bob");
    bob.hears();
    alice.says(
        "{'event':'client.call.offer','confirm_id':'c','params':{'jid':'"
            + bob.jid
            + "','sdp':'v=0'}}");
    assertThat(bob.hears("server.call.buzz")).hasSize(1);
    assertThat(alice.hearsNames())
        .containsExactly("server.confirm", "server.call.state", "server.call.answer");
  }

  @Test
  void marksTheConfirmIdsThatAreOurs() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signInBehindAChatServer("Bob");
    alice.offers(bob.jid);
    JsonNode buzz = bob.hears("server.call.buzz").getFirst();
    String id = buzz.get("confirm_id").textValue();
    assertThat(id).startsWith(Reach.CALLS.confirmPrefix());
    bob.says("{'event':'client.confirm','params':{'confirm_id':'" + id + "'}}");
    world.pass(Duration.ofSeconds(20));
    assertThat(bob.hears("server.call.buzz")).isEmpty();
  }
}
