package parley.signalling.call;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;

/**
 * What is left of a call.
 *
 * @param start null when nobody accepted
 * @param participants every contact who was in it
 * @param reason one sentence: why it ended
 */
public record CallSummary(
    CallId uid,
    CallKey place,
    IsoTime created,
    @Nullable IsoTime start,
    IsoTime finish,
    Set<Jid> participants,
    String reason) {
  public CallSummary {
    participants = Set.copyOf(participants);
  }
}
