package parley.signalling.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.LegReport;
import parley.relay.api.RecordingPolicy;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallSummary;
import parley.signalling.call.CallView;
import parley.signalling.wire.Jid;

/** What comes of a {@link ServerCommand}. */
public sealed interface ServerReply {

  record Calls(List<CallView> calls) implements ServerReply {}

  record OneCall(CallView call) implements ServerReply {}

  /**
   * How everybody is, or was, connected: first the legs that are over, in that order.
   *
   * @param live whether the call still runs
   */
  record Legs(CallId uid, boolean live, List<Leg> legs) implements ServerReply {
    public Legs {
      legs = List.copyOf(legs);
    }
  }

  /**
   * One connection.
   *
   * @param at when the report was made
   */
  record Leg(LegReport report, Instant at) {
    public boolean isOf(Jid contact) {
      return report.info().contact().equals(contact.toString());
    }
  }

  /** Newest first. */
  record PastCalls(List<PastCall> calls) implements ServerReply {
    public PastCalls {
      calls = List.copyOf(calls);
    }
  }

  /**
   * A call that is over.
   *
   * @param legs connections there were
   * @param troubled of them, those of which there is more to tell than somebody intended
   * @param worst the one of which the worst is to be told; null: nothing is
   */
  record PastCall(
      CallPlace place, CallSummary summary, int legs, int troubled, @Nullable Leg worst) {}

  record Done() implements ServerReply {}

  /**
   * The call is on another node, which is the one to ask.
   *
   * @param node its name
   */
  record Elsewhere(CallId uid, String node) implements ServerReply {}

  /** There is no such call, not in this team, or not any more. */
  record NoCall() implements ServerReply {}

  /** There is no such chat, or the caller is not in it. */
  record NoChat() implements ServerReply {}

  /** The contact is neither in the call nor rung. */
  record NotInCall() implements ServerReply {}

  /** In the chat there is a call already: this one. */
  record Running(CallView call) implements ServerReply {}

  /**
   * How calls in a chat are recorded, for one contact.
   *
   * @param agreed what he said of it; null: nothing that still holds
   * @param call the one that runs; null: none
   * @param recording whether the recorder writes
   * @param maskedAll whether everybody is kept out at the moment
   * @param masked who else is
   */
  record RecordingState(
      RecordingPolicy policy,
      @Nullable Boolean agreed,
      @Nullable CallId call,
      boolean recording,
      boolean maskedAll,
      List<Jid> masked)
      implements ServerReply {
    public RecordingState {
      masked = List.copyOf(masked);
    }
  }

  /**
   * The call has to be recorded: it cannot begin, or recording cannot be switched off.
   *
   * @param why one sentence
   */
  record MustBeRecorded(String why) implements ServerReply {}

  /**
   * The policy of recording leaves it to others.
   *
   * @param why one sentence
   */
  record MayNot(String why) implements ServerReply {}

  /**
   * It makes no sense.
   *
   * @param why one sentence, which begins with the field that is wrong
   */
  record Wrong(String why) implements ServerReply {}
}
