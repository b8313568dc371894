package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RecordingPolicy.Who;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallView;
import parley.signalling.call.State;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** What servers ask of calls. */
class ServerDeskTest {

  private static final ServerCommand.Asker SERVER = ServerCommand.Asker.server("a server");

  /** Of the meeting in the demo's directory. */
  private static final String RECORDED = "audiorecord: true";

  private static final Duration MOMENT = Duration.ofMillis(500);
  private static final TeamId OTHER = new TeamId("00000000-0000-4000-8000-000000000001");

  private final World world = new World();
  private final TeamId team = world.team.uid();

  @Test
  void startsACallThatRingsAllButTheOneItRingsFor() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    CallView call = start(alice.jid, World.MEETING);
    assertThat(call.state()).isEqualTo(State.RINGING);
    assertThat(call.onliners()).isEmpty();
    assertThat(call.ringing()).contains(bob.jid).doesNotContain(alice.jid);
    assertThat(bob.hears("server.call.buzz"))
        .singleElement()
        .satisfies(
            buzz ->
                assertThat(buzz.at("/params/actor/jid").textValue())
                    .isEqualTo(alice.jid.toString()));
    assertThat(alice.hearsNames()).contains("server.call.state").doesNotContain("server.call.buzz");
  }

  @Test
  void startsADirectCallByRingingBothEachByTheOther() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    CallView call = start(alice.jid, bob.jid);
    for (World.Client rung : List.of(alice, bob)) {
      World.Client other = rung.equals(alice) ? bob : alice;
      assertThat(rung.hears("server.call.buzz"))
          .singleElement()
          .satisfies(
              buzz -> {
                assertThat(buzz.at("/params/jid").textValue()).isEqualTo(other.jid.toString());
                assertThat(buzz.at("/params/uid").textValue()).isEqualTo(call.uid().value());
              });
    }
    bob.offers(alice.jid);
    assertThat(look(call.uid()).start()).isNull();
    alice.offers(bob.jid);
    assertThat(look(call.uid()).state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void letsACallEndThatNobodyJoins() {
    world.signIn("Alice");
    start(world.jid("Alice"), World.MEETING);
    world.pass(Duration.ofMinutes(1));
    assertThat(world.switchboard.calls()).isZero();
    assertThat(world.told.getLast())
        .isInstanceOfSatisfying(
            CallEvent.Finished.class,
            finished -> assertThat(finished.summary().participants()).isEmpty());
  }

  @Test
  void endsADirectCallThatOneDeclines() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    start(alice.jid, bob.jid);
    bob.says("{'event':'client.call.reject','params':{'jid':'" + alice.jid + "'}}");
    assertThat(alice.hearsNames()).contains("server.call.buzzcancel");
    assertThat(world.switchboard.calls()).isZero();
  }

  @Test
  void pushesToThoseWhoAreNotConnected() {
    start(world.jid("Alice"), World.MEETING);
    assertThat(world.told.getFirst()).isInstanceOf(CallEvent.Buzz.class);
  }

  @Test
  void startsNoSecondCallInAChat() {
    CallView call = start(world.jid("Alice"), World.MEETING);
    var again = new ServerCommand.Start(world.team, world.jid("Bob"), World.MEETING, List.of());
    assertThat(world.asks(again))
        .isInstanceOfSatisfying(
            ServerReply.Running.class,
            running -> assertThat(running.call().uid()).isEqualTo(call.uid()));
  }

  @Test
  void startsNothingInAChatThatTheCallerIsNotIn() {
    Jid alice = world.jid("Alice");
    Jid nowhere = Jid.of("g-99999999-9999-4999-8999-999999999999");
    Jid nobody = Jid.of("d-99999999-9999-4999-8999-999999999999");
    for (ServerCommand command :
        List.of(
            new ServerCommand.Start(world.team, alice, nowhere, List.of()),
            new ServerCommand.Start(world.team, alice, alice, List.of()),
            new ServerCommand.Start(world.team, nobody, World.MEETING, List.of()))) {
      assertThat(world.asks(command)).isInstanceOf(ServerReply.NoChat.class);
    }
    assertThat(world.told).isEmpty();
  }

  @Test
  void ringsNobodyFromOutsideAndNotTheCallerAlone() {
    Jid alice = world.jid("Alice");
    Jid stranger = Jid.of("d-99999999-9999-4999-8999-999999999999");
    for (Jid who : List.of(stranger, alice)) {
      var command = new ServerCommand.Start(world.team, alice, World.MEETING, List.of(who));
      assertThat(world.asks(command))
          .isInstanceOfSatisfying(
              ServerReply.Wrong.class, wrong -> assertThat(wrong.why()).startsWith("members: "));
    }
    assertThat(world.switchboard.calls()).isZero();
    assertThat(world.told).isEmpty();
  }

  @Test
  void listsATeamsCallsAndNoOthers() {
    world.signIn("Alice").offers(World.MEETING);
    assertThat(world.asks(new ServerCommand.ListCalls(team)))
        .isInstanceOfSatisfying(ServerReply.Calls.class, all -> assertThat(all.calls()).hasSize(1));
    assertThat(world.asks(new ServerCommand.ListCalls(OTHER)))
        .isInstanceOfSatisfying(ServerReply.Calls.class, all -> assertThat(all.calls()).isEmpty());
  }

  @Test
  void showsAnotherTeamNothing() {
    CallId uid = running(world.signIn("Alice"));
    for (ServerCommand command :
        List.of(
            new ServerCommand.Look(OTHER, uid),
            new ServerCommand.End(OTHER, uid),
            new ServerCommand.Mute(OTHER, uid, null),
            new ServerCommand.Remove(OTHER, uid, world.jid("Alice")),
            new ServerCommand.SetRecording(OTHER, uid, World.MEETING, false, SERVER))) {
      assertThat(world.asks(command)).isInstanceOf(ServerReply.NoCall.class);
    }
    assertThat(world.switchboard.calls()).isEqualTo(1);
  }

  @Test
  void endsACallForEveryone() {
    World.Client alice = world.signIn("Alice");
    CallId uid = running(alice);
    alice.hears();
    assertThat(world.asks(new ServerCommand.End(team, uid))).isInstanceOf(ServerReply.Done.class);
    assertThat(alice.hearsNames()).contains("server.call.leave", "server.call.state");
    assertThat(world.relay.commands.getLast()).isInstanceOf(RelayCommand.Close.class);
    assertThat(world.asks(new ServerCommand.End(team, uid))).isInstanceOf(ServerReply.NoCall.class);
  }

  @Test
  void ringsForWhoeverIsInTheCallLongest() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    CallId uid = running(alice);
    bob.hears();
    world.asks(new ServerCommand.Ring(world.team, uid, null, List.of(bob.jid)));
    assertThat(bob.hears("server.call.buzz"))
        .singleElement()
        .satisfies(
            buzz ->
                assertThat(buzz.at("/params/actor/jid").textValue())
                    .isEqualTo(alice.jid.toString()));
  }

  @Test
  void asksWhoRingsWhereNobodyIsInTheCallYet() {
    CallView call = start(world.jid("Alice"), World.MEETING);
    assertThat(world.asks(new ServerCommand.Ring(world.team, call.uid(), null, List.of())))
        .isInstanceOf(ServerReply.Wrong.class);
    assertThat(
            world.asks(new ServerCommand.Ring(world.team, call.uid(), world.jid("Bob"), List.of())))
        .isInstanceOf(ServerReply.Done.class);
  }

  @Test
  void mutesOneOrAll() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    CallId uid = running(alice);
    bob.offers(World.MEETING);
    alice.hears();
    world.asks(new ServerCommand.Mute(team, uid, bob.jid));
    assertThat(bob.hears("server.call.muteall")).hasSize(1);
    assertThat(alice.hears("server.call.muteall")).isEmpty();
    assertThat(look(uid).onliners()).extracting(each -> each.muted()).containsExactly(false, true);
    world.asks(new ServerCommand.Mute(team, uid, null));
    assertThat(look(uid).onliners()).allMatch(each -> each.muted());
    assertThat(world.asks(new ServerCommand.Mute(team, uid, world.jid("Carol"))))
        .isInstanceOf(ServerReply.NotInCall.class);
  }

  @Test
  void putsAParticipantOut() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    CallId uid = running(alice);
    bob.offers(World.MEETING);
    bob.hears();
    world.asks(new ServerCommand.Remove(team, uid, bob.jid));
    assertThat(bob.hearsNames()).contains("server.debug", "server.call.leave");
    assertThat(look(uid).onliners()).hasSize(1);
    assertThat(world.asks(new ServerCommand.Remove(team, uid, bob.jid)))
        .isInstanceOf(ServerReply.NotInCall.class);
  }

  @Test
  void recordsAgainAfterARecordingBrokeOff() {
    CallId uid = running(world.signIn("Alice"));
    world.fromRelay(new RelayEvent.Recording(uid, true, ""));
    assertThat(look(uid).recording()).isTrue();
    world.fromRelay(new RelayEvent.Recording(uid, false, "The disk is full."));
    assertThat(look(uid).recording()).isFalse();
    world.asks(new ServerCommand.SetRecording(team, uid, World.MEETING, true, SERVER));
    assertThat(world.relay.commands.getLast()).isEqualTo(new RelayCommand.SetRecording(uid, true));
  }

  @Test
  void showsWhatTheRecorderDoesAndNotWhatWasAsked() {
    CallId uid = running(world.signIn("Alice"));
    var off = new ServerCommand.SetRecording(team, uid, World.MEETING, false, SERVER);
    world.fromRelay(new RelayEvent.Recording(uid, true, ""));
    assertThat(world.asks(off))
        .isInstanceOfSatisfying(
            ServerReply.OneCall.class, one -> assertThat(one.call().recording()).isTrue());
    world.fromRelay(new RelayEvent.Recording(uid, false, ""));
    assertThat(look(uid).recording()).isFalse();
  }

  @Test
  void recordsOnlyTheCallThatIsMeant() {
    CallId uid = running(world.signIn("Alice"));
    Jid other = world.jid("Bob");
    assertThat(world.asks(new ServerCommand.SetRecording(team, uid, other, false, SERVER)))
        .isInstanceOf(ServerReply.NoCall.class);
  }

  @Test
  void startsNoCallThatMustBeRecordedAndCannotBe() {
    world.changes(RECORDED, "recording: required_before");
    world.relay.health = RecordingHealth.impossible("The disk for recordings is full.");
    world.signIn("Alice");
    ServerReply reply =
        world.asks(
            new ServerCommand.Start(world.team, world.jid("Alice"), World.MEETING, List.of()));
    assertThat(reply)
        .isEqualTo(
            new ServerReply.MustBeRecorded(
                "this call must be recorded, and it cannot be: The disk for recordings is full."));
  }

  @Test
  void doesNotSwitchOffWhatMustBeRecorded() {
    world.changes(RECORDED, "recording: required_before");
    CallId uid = running(world.signIn("Alice"));
    world.fromRelay(new RelayEvent.Recording(uid, true, ""));
    assertThat(world.asks(new ServerCommand.SetRecording(team, uid, World.MEETING, false, SERVER)))
        .isInstanceOf(ServerReply.MustBeRecorded.class);
    assertThat(
            world.asks(
                new ServerCommand.SetRecording(
                    team,
                    uid,
                    World.MEETING,
                    true,
                    new ServerCommand.Asker(Who.PARTICIPANTS, world.jid("Alice"), "Alice"))))
        .isInstanceOf(ServerReply.MayNot.class);
    assertThat(world.relay.commands).noneMatch(RelayCommand.SetRecording.class::isInstance);
  }

  private CallView start(Jid caller, Jid jid) {
    ServerReply reply = world.asks(new ServerCommand.Start(world.team, caller, jid, List.of()));
    world.pass(MOMENT);
    return ((ServerReply.OneCall) reply).call();
  }

  private CallId running(World.Client client) {
    client.offers(World.MEETING);
    world.pass(MOMENT);
    var all = (ServerReply.Calls) world.asks(new ServerCommand.ListCalls(team));
    return all.calls().getFirst().uid();
  }

  private CallView look(CallId uid) {
    return ((ServerReply.OneCall) world.asks(new ServerCommand.Look(team, uid))).call();
  }
}
