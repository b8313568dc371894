package parley.signalling.app;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.relay.reconcile.CallLine;
import parley.relay.reconcile.CallLog;
import parley.signalling.call.CallPlace;
import parley.signalling.session.CallEvent;
import parley.signalling.session.CallEvents;

/** Writes down which calls there are, and how each had to be recorded. */
final class CallRecords implements CallEvents {

  private final CallLog log;

  CallRecords(CallLog log) {
    this.log = log;
  }

  @Override
  public void happened(CallEvent event) {
    switch (event) {
      case CallEvent.Started it ->
          write(it.at().instant(), CallLine.STARTED, it.uid(), it.place(), it.policy(), "");
      case CallEvent.Finished it -> {
        if (it.summary().start() != null) { // else it only rang
          String reason = it.summary().reason();
          write(it.at().instant(), CallLine.FINISHED, it.uid(), it.place(), null, reason);
        }
      }
      case CallEvent.RecordingDecided it ->
          write(
              it.at().instant(),
              it.decision().word(),
              it.uid(),
              it.place(),
              it.policy(),
              it.reason());
      case CallEvent.Buzz it -> {}
      case CallEvent.RecordingReady it -> {}
      case CallEvent.RecordingFailed it -> {}
      case CallEvent.RecordingMissing it -> {}
      case CallEvent.Moved it -> {
        if (it.start() != null) {
          write(it);
        }
      }
    }
  }

  /** What a node has to have recorded is what of a call was its own. */
  private void write(CallEvent.Moved moved) {
    CallPlace place = moved.place();
    log.write(
        new CallLine(
            moved.at().instant().toString(),
            moved.here() ? CallLine.STARTED : CallLine.FINISHED,
            moved.uid().value(),
            place.team().uid().value(),
            place.key().chatName(),
            place.title(),
            moved.here() ? moved.policy().title() : null,
            moved.here() ? moved.records() : null,
            moved.here() ? "it goes on here" : "it goes on on another node"));
  }

  private void write(
      Instant at,
      String what,
      CallId uid,
      CallPlace place,
      @Nullable RecordingPolicy policy,
      String reason) {
    log.write(
        new CallLine(
            at.toString(),
            what,
            uid.value(),
            place.team().uid().value(),
            place.key().chatName(),
            place.title(),
            policy == null ? null : policy.title(),
            policy == null ? null : policy.records(),
            reason));
  }
}
