package parley.signalling.call;

import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.CallOnliner;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;

/**
 * A call as it is at one moment, seen by nobody in particular.
 *
 * @param start null: it has only rung so far
 * @param recording whether the recorder writes
 * @param dominant who holds the floor; null before anybody has, and when he has left
 * @param onliners who is in it, in the order they came
 * @param ringing who is being rung
 */
public record CallView(
    CallId uid,
    CallPlace place,
    State state,
    IsoTime created,
    @Nullable IsoTime start,
    boolean recording,
    @Nullable Jid dominant,
    List<CallOnliner> onliners,
    List<Jid> ringing) {
  public CallView {
    onliners = List.copyOf(onliners);
    ringing = List.copyOf(ringing);
  }
}
