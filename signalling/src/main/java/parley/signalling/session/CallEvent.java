package parley.signalling.session;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.RecordingPolicy;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallSummary;
import parley.signalling.call.RecordingDecision;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/**
 * What a server wants to know of a call.
 *
 * <pre>
 * while it rings:  Buzz
 * once a call:     Started (when it begins at all), Finished (each that rang or began)
 * in a cluster:    Moved
 * later:           RecordingReady, RecordingFailed (each recording one of the two)
 * to be kept:      RecordingDecided
 * the day after:   RecordingMissing
 * </pre>
 */
public sealed interface CallEvent {

  CallId uid();

  CallPlace place();

  /** When it happened, on this node's clock. */
  IsoTime at();

  /**
   * Contacts are rung whose clients are not connected: only a push can reach them.
   *
   * @param event what their clients would have been told
   * @param members contacts without a session, at least one
   */
  record Buzz(CallPlace place, ServerEvent.CallBuzz event, List<Jid> members, IsoTime at)
      implements CallEvent {
    public Buzz {
      members = List.copyOf(members);
    }

    @Override
    public CallId uid() {
      return event.uid();
    }
  }

  /**
   * The call has begun: in a direct call the other side has accepted.
   *
   * @param created when it rang first
   * @param at its start
   * @param participants who is in it
   * @param policy how it is to be recorded
   */
  record Started(
      CallId uid,
      CallPlace place,
      IsoTime created,
      IsoTime at,
      List<Jid> participants,
      RecordingPolicy policy)
      implements CallEvent {
    public Started {
      participants = List.copyOf(participants);
    }
  }

  /** The call is over, whether it had begun or only rung. */
  record Finished(CallPlace place, CallSummary summary) implements CallEvent {
    @Override
    public CallId uid() {
      return summary.uid();
    }

    @Override
    public IsoTime at() {
      return summary.finish();
    }
  }

  /**
   * The call goes on on this node, or on another one: who is told of its end is told by that one.
   *
   * @param start null: it has only rung so far
   * @param policy how it is to be recorded
   * @param records whether it is to be recorded at this moment: somebody may have switched it
   * @param here whether it goes on here
   */
  record Moved(
      CallId uid,
      CallPlace place,
      IsoTime created,
      @Nullable IsoTime start,
      List<Jid> participants,
      RecordingPolicy policy,
      boolean records,
      IsoTime at,
      boolean here)
      implements CallEvent {
    public Moved {
      participants = List.copyOf(participants);
    }
  }

  /**
   * A recording is complete on disk; often some moments after the call's end.
   *
   * @param directory where its files are
   */
  record RecordingReady(CallId uid, CallPlace place, IsoTime at, Path directory)
      implements CallEvent {}

  /**
   * A recording could not begin, or broke off.
   *
   * @param reason one sentence
   */
  record RecordingFailed(CallId uid, CallPlace place, IsoTime at, String reason)
      implements CallEvent {}

  /**
   * What became of a call's recording, and by which policy.
   *
   * @param reason one sentence; empty when there is no more to say
   */
  record RecordingDecided(
      CallId uid,
      CallPlace place,
      IsoTime at,
      RecordingPolicy policy,
      RecordingDecision decision,
      String reason)
      implements CallEvent {}

  /**
   * A call was held against its recordings, and something is wrong with them.
   *
   * @param problem missing, incomplete, unverified
   * @param directory name of the recording's folder; empty: there is none
   * @param reason one sentence
   */
  record RecordingMissing(
      CallId uid, CallPlace place, IsoTime at, String problem, String directory, String reason)
      implements CallEvent {}
}
