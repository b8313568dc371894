package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import parley.relay.api.RelayCommand;

/** The chat server says in mid-call that a team is not as it was. */
class TeamChangeTest {

  private static final String MEETING_HAS = "        display_name: Weekly meeting\n";
  private static final String ALICE = "d-565a1d31-3605-4c99-8581-c2d19fb27405";
  private static final String BOB = "d-1edad8ac-88ff-4655-89cb-d4cf031eef08";
  private static final String CAROL = "d-04d5f862-8bae-43e5-8ace-98c51411e190";

  private final World world = new World();

  @Test
  void whoIsNotInTheChatAnyMoreIsOutOfItsCall() {
    var alice = world.signIn("Alice");
    var bob = world.signIn("Bob");
    alice.offers(World.MEETING);
    bob.offers(World.MEETING);
    bob.hears();
    world.changes(MEETING_HAS, MEETING_HAS + members(ALICE, CAROL));
    assertThat(bob.hearsNames()).contains("server.call.leave");
    assertThat(world.relay.commands).anyMatch(RelayCommand.Leave.class::isInstance);
    alice.hears();
    bob.offers(World.MEETING);
    assertThat(bob.hears("server.warning").toString()).contains("access denied");
    world.pass(Duration.ofSeconds(1));
    alice
        .hears("server.call.state")
        .forEach(state -> assertThat(state.toString()).doesNotContain(BOB));
    assertThat(bob.hears("server.call.state")).isEmpty();
  }

  @Test
  void whoIsNewInTheChatHearsOfItsCall() {
    world.changes(MEETING_HAS, MEETING_HAS + members(ALICE, BOB));
    var alice = world.signIn("Alice");
    var carol = world.signIn("Carol");
    world.changes(MEETING_HAS, MEETING_HAS + members(ALICE, BOB));
    alice.offers(World.MEETING);
    world.pass(Duration.ofSeconds(1));
    assertThat(carol.hears("server.call.state")).isEmpty();
    world.changes(MEETING_HAS, MEETING_HAS + members(ALICE, BOB, CAROL));
    assertThat(carol.hears("server.call.state")).hasSize(1);
    carol.offers(World.MEETING);
    assertThat(carol.hearsNames()).contains("server.call.answer");
  }

  @Test
  void whoIsNotInTheTeamAnyMoreGoes() {
    var alice = world.signIn("Alice");
    var bob = world.signIn("Bob");
    alice.offers(World.MEETING);
    bob.offers(World.MEETING);
    bob.hears();
    world.changes(BOB, "d-00000000-0000-4000-8000-000000000000");
    assertThat(bob.closed).isEqualTo(1008);
    assertThat(bob.hears("server.panic").toString()).contains("INVALID_TEAM");
    bob.leaves();
    world.pass(Duration.ofSeconds(1));
    assertThat(alice.hears("server.online").getLast().toString()).doesNotContain(BOB);
  }

  @Test
  void aDirectCallEndsWithOneOfTheTwo() {
    var alice = world.signIn("Alice");
    var bob = world.signIn("Bob");
    alice.offers(bob.jid);
    bob.offers(alice.jid);
    alice.hears();
    world.changes(BOB, "d-00000000-0000-4000-8000-000000000000");
    assertThat(alice.hearsNames()).contains("server.call.leave");
  }

  @Test
  void aChangeElsewhereDisturbsNoCall() {
    var alice = world.signIn("Alice");
    var bob = world.signIn("Bob");
    alice.offers(World.MEETING);
    bob.offers(World.MEETING);
    world.pass(Duration.ofSeconds(1));
    alice.hears();
    world.changes("Coffee corner", "Tea corner");
    world.pass(Duration.ofSeconds(1));
    assertThat(alice.hearsNames()).doesNotContain("server.call.leave", "server.call.state");
  }

  @Test
  void onlyAdminsBeginACallWhereItIsSoButAllJoin() {
    var alice = world.signIn("Alice");
    var bob = world.signIn("Bob");
    world.changes(MEETING_HAS, MEETING_HAS + "        may_call: admins\n");
    bob.hears();
    bob.offers(World.MEETING);
    assertThat(bob.hears())
        .satisfiesExactly(
            warning -> assertThat(warning.toString()).contains("you may not begin a call here"),
            leave -> assertThat(leave.toString()).contains("server.call.leave"));
    alice.offers(World.MEETING);
    bob.offers(World.MEETING);
    assertThat(bob.hearsNames()).contains("server.call.answer");
  }

  @Test
  void whoComesWhileTheTeamChangesIsServedTheNewOne() {
    var alice = world.signIn("Alice");
    world.changes(BOB, "d-00000000-0000-4000-8000-000000000000");
    var bob = world.signIn("Bob");
    assertThat(bob.closed).isEqualTo(1008);
    assertThat(alice.hearsNames()).doesNotContain("server.panic");
  }

  @Test
  void recordsFromNowOnWhereThatHasChanged() {
    world.changes("Coffee corner", "Coffee corner");
    var alice = world.signIn("Alice");
    alice.offers(World.MEETING);
    world.relay.commands.clear();
    world.changes("Coffee corner", "Tea corner");
    assertThat(world.relay.commands).noneMatch(RelayCommand.SetRecording.class::isInstance);
    world.changes("audiorecord: true", "audiorecord: false");
    assertThat(world.relay.commands)
        .filteredOn(RelayCommand.SetRecording.class::isInstance)
        .extracting(command -> ((RelayCommand.SetRecording) command).on())
        .containsExactly(false);
  }

  private static String members(String... jids) {
    return "        members: [" + String.join(", ", jids) + "]\n";
  }
}
