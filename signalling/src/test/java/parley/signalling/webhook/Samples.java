package parley.signalling.webhook;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallSummary;
import parley.signalling.directory.Contact;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.Team;
import parley.signalling.session.CallEvent;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/** Events of calls in the demo team. */
final class Samples {

  static final Team TEAM = DemoTeam.load().team();
  static final Jid MEETING = Jid.of("g-3f7e2a85-49f5-4586-8229-d9c52813dcb2");
  static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05.678901Z");

  private Samples() {}

  static Jid contact(int index) {
    return new ArrayList<>(TEAM.contacts()).get(index).jid();
  }

  static CallPlace group() {
    return requireNonNull(TEAM.place(contact(0), MEETING));
  }

  static CallPlace direct() {
    return requireNonNull(TEAM.place(contact(0), contact(1)));
  }

  static CallId newCall() {
    return new CallId(UUID.randomUUID().toString());
  }

  static CallEvent.Buzz buzz(CallPlace place, CallId call, List<Jid> members) {
    Contact actor = requireNonNull(TEAM.contact(contact(0)));
    ChatShort chat = place.seenBy(members.getFirst());
    var event =
        new ServerEvent.CallBuzz(
            chat.jid(),
            chat.icons(),
            chat.displayName(),
            place.team(),
            chat,
            actor.person().toShort(),
            call,
            45,
            place.team().uid());
    return new CallEvent.Buzz(place, event, members, new IsoTime(BEGAN));
  }

  static CallEvent.Started started(CallPlace place, CallId call) {
    var created = new IsoTime(BEGAN);
    var start = new IsoTime(BEGAN.plusSeconds(3));
    return new CallEvent.Started(
        call, place, created, start, List.of(contact(0), contact(1)), RecordingPolicy.OFF);
  }

  /**
   * @param lasted null: it only rang
   */
  static CallEvent.Finished finished(
      CallPlace place, CallId call, @Nullable Duration lasted, Jid... participants) {
    SequencedSet<Jid> all = new LinkedHashSet<>(List.of(participants));
    Instant start = BEGAN.plusSeconds(3);
    return new CallEvent.Finished(
        place,
        new CallSummary(
            call,
            place.key(),
            new IsoTime(BEGAN),
            lasted == null ? null : new IsoTime(start),
            new IsoTime(lasted == null ? start : start.plus(lasted)),
            all,
            "left"));
  }

  static CallEvent.RecordingReady ready(CallPlace place, CallId call) {
    var at = new IsoTime(BEGAN.plusSeconds(60));
    return new CallEvent.RecordingReady(call, place, at, Path.of("/srv/recordings/2026-01-02"));
  }

  static CallEvent.RecordingFailed failed(CallPlace place, CallId call) {
    var at = new IsoTime(BEGAN.plusSeconds(60));
    return new CallEvent.RecordingFailed(call, place, at, "The disk is full.");
  }

  static CallEvent.RecordingMissing missing(CallPlace place, CallId call) {
    var at = new IsoTime(BEGAN.plusSeconds(86_400));
    return new CallEvent.RecordingMissing(
        call, place, at, "unverified", "120001-call", "It was changed.");
  }

  /** One of each, of one call. */
  static List<CallEvent> all(CallPlace place) {
    CallId call = newCall();
    return List.of(
        buzz(place, call, List.of(contact(1))),
        started(place, call),
        finished(place, call, Duration.ofMillis(62_500), contact(0), contact(1)),
        ready(place, call),
        failed(place, call),
        missing(place, call));
  }
}
