package parley.signalling.call;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;

/** One call. */
public final class Call {
  private final CallId uid;
  private final CallPlace place;
  private final ArrayDeque<CallOutput> outputs = new ArrayDeque<>();

  /**
   * A call that waits for its first offer.
   *
   * @param createdNs the same moment as {@code created}, on the clock of {@code nowNs}
   */
  public Call(CallId uid, CallPlace place, CallPolicy policy, Instant created, long createdNs) {
    this.uid = uid;
    this.place = place;
  }

  /** Hands in what happened; then drain {@link #poll()}. */
  public void on(CallInput input, long nowNs) {
    throw new UnsupportedOperationException();
  }

  /** The next thing to do; null when there is nothing more. */
  public @Nullable CallOutput poll() {
    return outputs.poll();
  }

  /** When a {@link CallInput.Tick} is due; {@link Long#MAX_VALUE} when never. */
  public long nextDeadlineNs() {
    return Long.MAX_VALUE;
  }

  public boolean finished() {
    return state() == State.FINISHED;
  }

  public State state() {
    return State.NEW;
  }

  public CallId uid() {
    return uid;
  }

  public CallPlace place() {
    return place;
  }

  /** Who is in the call, or lost his socket a moment ago. */
  public List<Jid> participants() {
    return List.of();
  }

  /** How {@code server.online} shows it to a member of the chat. */
  public OnlineCall seenBy(Jid viewer) {
    return new OnlineCall(place.seenBy(viewer).jid(), uid, null, participants().size());
  }
}
