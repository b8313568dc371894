package parley.signalling.session;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.call.Call;
import parley.signalling.call.CallOutput;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallSummary;
import parley.signalling.call.RecordingDecision;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;
import parley.signalling.wire.TeamId;

/** Tells {@link CallEvents} what the switchboard sees of calls. Owned by the {@link CallLoop}. */
final class CallReporter {

  /**
   * Calls whose recordings may yet become ready. Closing one takes the recorder a second or two, in
   * which so many calls never end.
   */
  static final int MAX_RECORDED = 1_000;

  private static final Logger log = LoggerFactory.getLogger(CallReporter.class);

  private final CallEvents events;
  private final BiPredicate<TeamId, Jid> isAbsent;
  private final InstantSource clock;
  private final Map<CallId, CallPlace> recorded =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CallId, CallPlace> eldest) {
          return size() > MAX_RECORDED;
        }
      };

  /**
   * @param isAbsent whether somebody of a team is connected nowhere
   */
  CallReporter(CallEvents events, BiPredicate<TeamId, Jid> isAbsent, InstantSource clock) {
    this.events = events;
    this.isAbsent = isAbsent;
    this.clock = clock;
  }

  /** Contacts are told something; when it is a ring, those who cannot hear it are looked for. */
  void told(Call call, CallOutput.ToContacts to) {
    if (to.event() instanceof ServerEvent.CallBuzz buzz) {
      List<Jid> absent =
          to.contacts().stream()
              .filter(contact -> isAbsent.test(Calls.team(call), contact))
              .toList();
      if (!absent.isEmpty()) {
        events.happened(new CallEvent.Buzz(call.place(), buzz, absent, now()));
      }
    }
  }

  void started(Call call, IsoTime start) {
    events.happened(
        new CallEvent.Started(
            call.uid(),
            call.place(),
            call.created(),
            start,
            call.participants(),
            call.recordingPolicy()));
  }

  /** It goes on here, or does not any more: servers need not know, but somebody tells its end. */
  void moved(Call call, boolean here, long nowNs) {
    events.happened(
        new CallEvent.Moved(
            call.uid(),
            call.place(),
            call.created(),
            call.start(),
            call.participants(),
            call.recordingPolicy(),
            call.handover(nowNs).recordingAsked(),
            now(),
            here));
  }

  void finished(CallPlace place, CallSummary summary) {
    events.happened(new CallEvent.Finished(place, summary));
  }

  /** The relay is asked for something. */
  void asked(Call call, RelayCommand command) {
    boolean records =
        switch (command) {
          case RelayCommand.Open open -> open.record();
          case RelayCommand.SetRecording set -> set.on();
          default -> false;
        };
    if (records) {
      recorded.put(call.uid(), call.place());
    }
  }

  /** What the relay says of a call, which may be over by now. */
  void onRelay(RelayEvent event) {
    if (event instanceof RelayEvent.RecordingFound found) {
      found(found);
      return;
    }
    CallPlace place = recorded.get(event.call());
    if (place == null) {
      return;
    }
    if (event instanceof RelayEvent.RecordingReady ready) {
      events.happened(new CallEvent.RecordingReady(event.call(), place, now(), ready.directory()));
    } else if (event instanceof RelayEvent.Recording off && !off.on() && !off.reason().isEmpty()) {
      events.happened(new CallEvent.RecordingFailed(event.call(), place, now(), off.reason()));
    }
  }

  /** Of a process before this one: it may have told, or died before it could. */
  private void found(RelayEvent.RecordingFound found) {
    Optional<CallPlace> place = RecordedPlace.of(found.info());
    if (place.isEmpty()) {
      log.warn("recording {} does not say in which chat it was", found.directory().getFileName());
    } else if (found.reason().isEmpty()) {
      events.happened(
          new CallEvent.RecordingReady(found.call(), place.get(), now(), found.directory()));
    } else {
      events.happened(
          new CallEvent.RecordingFailed(found.call(), place.get(), now(), found.reason()));
    }
  }

  /** What became of a recording. */
  void decided(
      CallId uid,
      CallPlace place,
      RecordingPolicy policy,
      RecordingDecision decision,
      String reason) {
    events.happened(new CallEvent.RecordingDecided(uid, place, now(), policy, decision, reason));
    if (decision == RecordingDecision.REFUSED || decision == RecordingDecision.ENDED) {
      String what = decision == RecordingDecision.REFUSED ? "did not begin" : "was ended";
      events.happened(
          new CallEvent.RecordingFailed(
              uid, place, now(), "The call " + what + ", as it must be recorded: " + reason));
    }
  }

  /** A call did not begin, because it would have had to be recorded. */
  void refused(CallId uid, CallPlace place, RecordingRefusal refusal) {
    decided(uid, place, refusal.policy(), RecordingDecision.REFUSED, refusal.reason());
  }

  private IsoTime now() {
    return new IsoTime(clock.instant());
  }
}
