package parley.relay.recording;

import parley.relay.call.RtpSink;

/**
 * One call's way into its recording, from its media loop. Never blocks, never throws, allocates
 * nothing per packet: what does not fit is dropped, counted, and written down as a gap.
 *
 * <p>Owned by one media loop: every method is called on that loop's thread.
 */
public interface RecordingTap extends RtpSink {

  /**
   * The recording is switched off, or the call is over. Returns at once; {@code RecordingReady}
   * follows when the files are closed. What comes after is ignored.
   */
  void close(long nowNs);

  /**
   * Whether the recording was given up: what goes in is lost, and only another tap records again.
   */
  boolean failed();
}
