package parley.relay.recording;

import parley.relay.api.PeerId;
import parley.relay.api.RecordingNote;
import parley.relay.call.RtpSink;

/**
 * What reaches the recorder besides packets. It happened after {@link #after} packets of the call.
 */
sealed interface TapInput {

  long after();

  long nowNs();

  record Marked(long after, int peer, PeerId id, RtpSink.Mark mark, long nowNs)
      implements TapInput {}

  record Noted(long after, RecordingNote note, long nowNs) implements TapInput {}

  record Report(long after, int peer, long ntp, int rtp, long nowNs) implements TapInput {}

  /**
   * @param unheard per peer, packets dropped since the last one that got through
   */
  record Closed(long after, int[] unheard, long nowNs) implements TapInput {}
}
