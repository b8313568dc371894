package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Consent;
import parley.relay.api.RecordingPolicy.Mode;
import parley.relay.api.RecordingPolicy.Who;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.wire.Jid;

class ConsentTest {

  private static final Duration MOMENT = Duration.ofSeconds(1);

  private World world = world(Consent.OR_NOT_ADMITTED);

  private static World world(Consent consent) {
    return new World(policies(consent));
  }

  private static RecordingPolicies policies(Consent consent) {
    var policy =
        new RecordingPolicy(
            "asked",
            "7",
            Mode.OPTIONAL,
            10,
            true,
            consent,
            Who.ADMINS,
            Who.PARTICIPANTS,
            "",
            0,
            false);
    return new RecordingPolicies(Map.of("asked", policy), Map.of(), "asked");
  }

  private ServerReply.RecordingState says(World.Client client, boolean agrees) {
    return (ServerReply.RecordingState)
        world.asks(
            new ServerCommand.Agree(world.team, client.jid, World.MEETING, agrees, "192.0.2.7"));
  }

  private World.Client signIn(String name) {
    World.Client client = world.signIn(name);
    world.pass(MOMENT);
    client.hears();
    return client;
  }

  private List<RelayCommand> asked() {
    return world.relay.commands;
  }

  private CallId uid() {
    return asked().getFirst().call();
  }

  @Test
  void letsNobodyInWhoHasNotAgreed() {
    World.Client alice = signIn("Alice");
    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).containsExactly("server.warning", "server.call.leave");
    assertThat(asked()).isEmpty();

    assertThat(says(alice, true).agreed()).isTrue();
    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).contains("server.call.answer");
    World.Client bob = signIn("Bob");
    says(bob, false);
    bob.offers(World.MEETING);
    assertThat(bob.hearsNames()).containsExactly("server.warning", "server.call.leave");
  }

  @Test
  void tellsTheRecordingWhoAgreedWhenAndFromWhere() {
    World.Client alice = signIn("Alice");
    says(alice, true);
    alice.offers(World.MEETING);
    assertThat(asked())
        .anySatisfy(
            command -> {
              assertThat(command).isInstanceOf(RelayCommand.Note.class);
              var note = ((RelayCommand.Note) command).note();
              assertThat(note.what()).isEqualTo("consent");
              assertThat(note.contact()).isEqualTo(alice.jid.toString());
              assertThat(note.text()).startsWith("agreed at 2026-").endsWith(" from 192.0.2.7");
            });
  }

  @Test
  void putsOutWhoTakesItBack() {
    World.Client alice = signIn("Alice");
    World.Client bob = signIn("Bob");
    says(alice, true);
    says(bob, true);
    alice.offers(World.MEETING);
    bob.offers(World.MEETING);
    world.pass(MOMENT);
    bob.hears();

    says(bob, false);
    assertThat(bob.hearsNames()).contains("server.debug", "server.call.leave");
    bob.offers(World.MEETING);
    assertThat(bob.hearsNames()).contains("server.warning");
  }

  @Test
  void asksAgainForTheNextCall() {
    World.Client alice = signIn("Alice");
    says(alice, true);
    alice.offers(World.MEETING);
    world.asks(new ServerCommand.End(world.team.uid(), uid()));
    alice.hears();
    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).contains("server.warning").doesNotContain("server.call.answer");
  }

  @Test
  void doesNotHoldForACallThatBeginsMuchLater() {
    World.Client alice = signIn("Alice");
    says(alice, true);
    world.pass(Consents.BEFORE_A_CALL.plus(MOMENT));
    alice.hears();
    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).contains("server.warning").doesNotContain("server.call.answer");
  }

  @Test
  void recordsNothingOfWhoHasNotAgreedWhereHeMayComeInAllTheSame() {
    world = world(Consent.OR_NOT_CAPTURED);
    World.Client alice = signIn("Alice");
    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).contains("server.call.answer");
    String why = "has not agreed to be recorded";
    var mask = new RelayCommand.Mask(uid(), alice.jid.toString(), true, why);
    assertThat(asked()).containsSubsequence(asked().getFirst(), mask, asked().getLast());
    assertThat(asked().indexOf(mask)).as("before the offer").isLessThan(offer());

    assertThat(says(alice, true).masked()).isEmpty();
    assertThat(asked()).contains(new RelayCommand.Mask(uid(), alice.jid.toString(), false, ""));
  }

  private int offer() {
    for (int i = 0; i < asked().size(); i++) {
      if (asked().get(i) instanceof RelayCommand.Offer) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void asksNobodyWhereNoPolicySaysSo() {
    world = new World();
    World.Client alice = signIn("Alice");
    var look = new ServerCommand.LookAtRecording(world.team, alice.jid, World.MEETING);
    var state = (ServerReply.RecordingState) world.asks(look);
    assertThat(state.policy().consent()).isEqualTo(Consent.NOT_ASKED);
    assertThat(state.agreed()).isNull();
    alice.offers(World.MEETING);
    assertThat(alice.hearsNames()).contains("server.call.answer");
  }

  @Test
  void leavesMasksToWhoIsInTheCallAndSwitchesToAdministrators() {
    world = world(Consent.NOT_ASKED);
    World.Client alice = signIn("Alice");
    World.Client bob = signIn("Bob");
    alice.offers(World.MEETING);
    world.fromRelay(new RelayEvent.Recording(uid(), true, ""));

    assertThat(world.asks(mask(bob.jid, Who.PARTICIPANTS)))
        .isInstanceOf(ServerReply.NotInCall.class);
    assertThat(world.asks(mask(alice.jid, Who.PARTICIPANTS))).isInstanceOf(ServerReply.Done.class);
    assertThat(asked())
        .contains(new RelayCommand.Mask(uid(), "", true, "by Somebody: card number"));
    var by = new ServerCommand.Asker(Who.PARTICIPANTS, alice.jid, "Alice");
    var off = new ServerCommand.SetRecording(world.team.uid(), uid(), World.MEETING, false, by);
    assertThat(world.asks(off)).isInstanceOf(ServerReply.MayNot.class);
  }

  private ServerCommand mask(Jid contact, Who who) {
    return new ServerCommand.MaskRecording(
        world.team.uid(),
        uid(),
        null,
        true,
        "card number",
        new ServerCommand.Asker(who, contact, "Somebody"));
  }

  /** Whoever changes a policy ends no call by it, and nobody is recorded who was not asked. */
  @Test
  void keepsThoseOutOfTheRecordingWhoWereInTheCallBeforeItAsked() {
    RecordingPolicies free = policies(Consent.NOT_ASKED);
    var strict = policies(Consent.OR_NOT_ADMITTED).byName().get("asked");
    world =
        new World(
            new RecordingPolicies(
                Map.of("asked", free.byName().get("asked"), "strict", strict), Map.of(), "asked"));
    world.changes("Coffee corner", "Tea corner");
    World.Client alice = signIn("Alice");
    alice.offers(World.MEETING);
    alice.hears();
    world.changes(
        "        display_name: Weekly meeting\n",
        "        display_name: Weekly meeting\n        recording: strict\n");
    RelayCommand.Mask out = mask(alice, true, "has not agreed to be recorded");
    assertThat(asked()).contains(out);

    alice.offers(World.MEETING); // her path has changed
    assertThat(alice.hearsNames()).contains("server.call.answer");
    says(alice, true);
    assertThat(asked()).containsSubsequence(out, mask(alice, false, ""));
  }

  private RelayCommand.Mask mask(World.Client client, boolean on, String why) {
    return new RelayCommand.Mask(uid(), client.jid.toString(), on, why);
  }

  @Test
  void masksAgainWhenTheRelayHasLostTheCall() {
    world = world(Consent.NOT_ASKED);
    World.Client alice = signIn("Alice");
    alice.offers(World.MEETING);
    world.asks(mask(alice.jid, Who.PARTICIPANTS));
    world.fromRelay(new RelayEvent.Failed(uid(), "defect"));
    int before = asked().size();
    alice.offers(World.MEETING);
    List<RelayCommand> again = asked().subList(before, asked().size());
    assertThat(again.get(0)).isInstanceOf(RelayCommand.Open.class);
    assertThat(again.get(1)).isInstanceOf(RelayCommand.Mask.class);
  }
}
