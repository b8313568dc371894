package parley.signalling.call;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;

/**
 * What is left of a call.
 *
 * @param start null when nobody accepted
 * @param participants every contact who was in it, in the order they came: the first has called
 * @param reason one sentence: why it ended
 */
public record CallSummary(
    CallId uid,
    CallKey place,
    IsoTime created,
    @Nullable IsoTime start,
    IsoTime finish,
    SequencedSet<Jid> participants,
    String reason) {
  public CallSummary {
    participants = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(participants));
  }
}
