package parley.signalling.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallPlace;
import parley.signalling.wire.Jid;

/** What servers are told of calls. */
class CallReporterTest {

  private static final Duration MOMENT = Duration.ofMillis(500);
  private static final Path FOLDER = Path.of("recordings", "one");

  private final World world = new World();

  @Test
  void namesThoseWhoAreRungAndNotConnected() {
    World.Client alice = world.signIn("Alice");
    Jid bob = world.jid("Bob");
    alice.offers(bob);
    assertThat(one(CallEvent.Buzz.class))
        .satisfies(
            buzz -> {
              assertThat(buzz.members()).containsExactly(bob);
              assertThat(buzz.event().jid()).isEqualTo(alice.jid);
              assertThat(buzz.event().actor().jid()).isEqualTo(alice.jid);
            });
  }

  @Test
  void saysNothingOfThoseWhoseClientsRing() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    alice.offers(bob.jid);
    assertThat(world.told).isEmpty();
  }

  @Test
  void namesOfAGroupOnlyThoseWhoCannotHearIt() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    alice.offers(World.MEETING);
    alice.says("{'event':'client.call.buzz','params':{'jid':'" + World.MEETING + "'}}");
    List<Jid> expected =
        requireNonNull(world.team.chat(World.MEETING)).members().stream()
            .filter(jid -> !jid.equals(alice.jid) && !jid.equals(bob.jid))
            .toList();
    assertThat(expected).isNotEmpty();
    assertThat(one(CallEvent.Buzz.class).members()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void tellsADirectCallsStartWhenItIsAccepted() {
    World.Client alice = world.signIn("Alice");
    World.Client bob = world.signIn("Bob");
    alice.offers(bob.jid);
    world.pass(Duration.ofSeconds(3));
    bob.offers(alice.jid);
    CallEvent.Started started = one(CallEvent.Started.class);
    assertThat(started.participants()).containsExactly(alice.jid, bob.jid);
    assertThat(Duration.between(started.created().instant(), started.at().instant()))
        .isEqualTo(Duration.ofSeconds(3));
    alice.offers(bob.jid);
    assertThat(told(CallEvent.Started.class)).hasSize(1);
  }

  @Test
  void tellsTheEndWithAllWhoWereInItTheCallerFirst() {
    World.Client bob = world.signIn("Bob");
    World.Client alice = world.signIn("Alice");
    bob.offers(World.MEETING);
    alice.offers(World.MEETING);
    world.pass(Duration.ofMinutes(2));
    leave(alice);
    leave(bob);
    CallEvent.Finished finished = one(CallEvent.Finished.class);
    assertThat(finished.summary().participants()).containsExactly(bob.jid, alice.jid);
    assertThat(world.told.getLast()).isSameAs(finished);
  }

  @Test
  void tellsTheEndOfACallThatOnlyRang() {
    World.Client alice = world.signIn("Alice");
    alice.offers(world.jid("Bob"));
    world.pass(Duration.ofMinutes(1));
    assertThat(told(CallEvent.Started.class)).isEmpty();
    assertThat(one(CallEvent.Finished.class).summary().start()).isNull();
  }

  @Test
  void tellsNothingOfAnOfferThatIsRefused() {
    World.Client alice = world.signIn("Alice");
    alice.says("{'event':'client.call.offer','params':{'jid':'" + World.MEETING + "'}}");
    assertThat(alice.hearsNames()).contains("server.warning");
    assertThat(world.told).isEmpty();
  }

  @Test
  void tellsOfARecordingAlsoAfterTheCall() {
    CallId uid = recordedCall();
    world.fromRelay(new RelayEvent.Recording(uid, false, ""));
    world.fromRelay(new RelayEvent.RecordingReady(uid, FOLDER));
    CallEvent.RecordingReady ready = one(CallEvent.RecordingReady.class);
    assertThat(ready.directory()).isEqualTo(FOLDER);
    assertThat(ready.place().key().one()).isEqualTo(World.MEETING);
    assertThat(told(CallEvent.RecordingFailed.class)).isEmpty();
  }

  @Test
  void tellsWhyARecordingFailed() {
    CallId uid = recordedCall();
    world.fromRelay(new RelayEvent.Recording(uid, false, "The disk is full."));
    assertThat(one(CallEvent.RecordingFailed.class).reason()).isEqualTo("The disk is full.");
  }

  @Test
  void tellsOfARecordingThatAnEarlierServerLeftBehind() {
    var call = new CallId("0a0b0c0d-1111-2222-3333-444455556666");
    var info = new CallInfo("6aefcf3b", World.MEETING.toString(), "Weekly", Instant.EPOCH);
    world.fromRelay(new RelayEvent.RecordingFound(call, info, FOLDER, "The server died."));
    CallEvent.RecordingFailed failed = one(CallEvent.RecordingFailed.class);
    assertThat(failed.uid()).isEqualTo(call);
    assertThat(failed.reason()).isEqualTo("The server died.");
    assertThat(failed.place().key().one()).isEqualTo(World.MEETING);

    String both = World.MEETING.toString().replace("g-", "d-");
    info = new CallInfo("6aefcf3b", both + "+" + both.replace("d-3", "d-4"), "A, B", Instant.EPOCH);
    world.fromRelay(new RelayEvent.RecordingFound(call, info, FOLDER, ""));
    CallPlace place = one(CallEvent.RecordingReady.class).place();
    assertThat(place.title()).isEqualTo("A, B");
    assertThat(place.members()).hasSize(2);

    world.fromRelay(
        new RelayEvent.RecordingFound(call, new CallInfo("", "?", "", Instant.EPOCH), FOLDER, ""));
    assertThat(world.told).hasSize(2);
  }

  @Test
  void tellsThatCallsAreOverWhenTheServerStops() {
    world.signIn("Alice").offers(World.MEETING);
    world.stop();
    assertThat(one(CallEvent.Finished.class).summary().reason()).isEqualTo("the server stopped");
  }

  /** Calls in "Weekly meeting" are recorded. */
  private CallId recordedCall() {
    World.Client alice = world.signIn("Alice");
    alice.offers(World.MEETING);
    CallId uid = one(CallEvent.Started.class).uid();
    world.fromRelay(new RelayEvent.Recording(uid, true, ""));
    world.pass(MOMENT);
    leave(alice);
    assertThat(world.switchboard.calls()).isZero();
    return uid;
  }

  private static void leave(World.Client client) {
    client.says("{'event':'client.call.leave','params':{'jid':'" + World.MEETING + "'}}");
  }

  private <T extends CallEvent> List<T> told(Class<T> type) {
    return world.told.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <T extends CallEvent> T one(Class<T> type) {
    assertThat(told(type)).hasSize(1);
    return told(type).getFirst();
  }
}
