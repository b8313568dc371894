package parley.signalling.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.MediaRelay;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Consent;
import parley.signalling.call.Call;
import parley.signalling.call.CallInput;
import parley.signalling.call.CallKey;
import parley.signalling.call.CallPlace;
import parley.signalling.directory.Team;
import parley.signalling.wire.Jid;

/**
 * Knows where calls have to be recorded and cannot be, and who may be recorded where a policy asks
 * people: who may therefore begin a call, or come in. Owned by the {@link CallLoop}.
 */
final class ConsentDesk {

  private final Calls calls;
  private final ChangedTeams changed;
  private final SessionSettings settings;
  private final InstantSource clock;
  private final MediaRelay relay;
  private final Floor floor;
  private final Consents consents = new Consents();

  ConsentDesk(
      Calls calls,
      ChangedTeams changed,
      SessionSettings settings,
      InstantSource clock,
      MediaRelay relay,
      Floor floor) {
    this.calls = calls;
    this.changed = changed;
    this.settings = settings;
    this.clock = clock;
    this.relay = relay;
    this.floor = floor;
  }

  /** The call is over; the next one asks again. */
  void over(Call call) {
    consents.forget(call.place().key());
  }

  ServerReply look(Team asked, Jid contact, Jid jid) {
    Team team = changed.latest(asked);
    CallPlace place = team.place(contact, jid);
    return place == null ? new ServerReply.NoChat() : state(team, place, contact);
  }

  ServerReply agree(ServerCommand.Agree agree, long nowNs) {
    Team team = changed.latest(agree.team());
    Jid contact = agree.contact();
    CallPlace place = team.place(contact, agree.jid());
    if (place == null) {
      return new ServerReply.NoChat();
    }
    Instant at = clock.instant();
    var given = new Consents.Given(agree.agrees(), at, agree.from());
    agreed(place.key(), contact, given, nowNs);
    floor.tellAgreed(place.key(), contact, given);
    return state(team, place, contact);
  }

  /** Somebody has said so, here or on another node. */
  void agreed(CallKey place, Jid contact, Consents.Given given, long nowNs) {
    consents.put(place, contact, given);
    Call call = calls.at(place);
    if (call != null && call.recordingPolicy().consent() != Consent.NOT_ASKED) {
      floor.handIn(call, new CallInput.Agreed(contact, given.agrees(), given.sentence()), nowNs);
    }
  }

  private ServerReply state(Team team, CallPlace place, Jid contact) {
    Call call = calls.at(place.key());
    Consents.Given given = given(place, contact);
    return new ServerReply.RecordingState(
        policy(team, place),
        given == null ? null : given.agrees(),
        call == null ? null : call.uid(),
        call != null && call.view().recording(),
        call != null && call.masksAll(),
        call == null ? List.of() : call.masked());
  }

  /** How a call at a place is recorded: the one that runs, or one that would begin. */
  RecordingPolicy policy(Team team, CallPlace place) {
    Call call = calls.at(place.key());
    return call == null ? settings.recordingAt(team, place) : call.recordingPolicy();
  }

  /** Why no call may begin there now, as it would have to be recorded; null: one may. */
  @Nullable RecordingRefusal refusal(Team team, CallPlace place) {
    RecordingPolicy policy = settings.recordingAt(team, place);
    if (!RecordingPolicies.isKnown(policy)) {
      return new RecordingRefusal(
          policy, "Its policy of recording, " + policy.name() + ", is not in the settings.");
    }
    RecordingHealth health = policy.required() ? relay.recordingHealth() : RecordingHealth.GOOD;
    return health.possible() ? null : new RecordingRefusal(policy, health.reason());
  }

  /** Why somebody may not come in; null: he may. */
  @Nullable String refusal(RecordingPolicy policy, CallPlace place, Jid contact) {
    if (policy.consent() != Consent.OR_NOT_ADMITTED) {
      return null;
    }
    Consents.Given given = given(place, contact);
    if (given == null) {
      return "calls here are recorded: agree to that first";
    }
    return given.agrees() ? null : "calls here are recorded, and you have not agreed to that";
  }

  /** What a call has to know of somebody who comes in; null: nothing. */
  CallInput.@Nullable Agreed entry(RecordingPolicy policy, CallPlace place, Jid contact) {
    if (policy.consent() == Consent.NOT_ASKED) {
      return null;
    }
    Consents.Given given = given(place, contact);
    return given == null
        ? new CallInput.Agreed(contact, false, "has not answered")
        : new CallInput.Agreed(contact, given.agrees(), given.sentence());
  }

  private Consents.@Nullable Given given(CallPlace place, Jid contact) {
    Call call = calls.at(place.key());
    Instant begins = call == null ? clock.instant() : call.created().instant();
    return consents.of(place.key(), contact, begins);
  }
}
