package parley.relay.call;

import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RecordingNote;

/**
 * What a call tells its recorder: every uplink after decryption and before selection, never what a
 * muted device sends. Called on the call's media loop: must not block, throw, or keep the arrays.
 *
 * <p>All times are the loop's monotonic {@code nowNs} at which the packet or command arrived.
 */
public interface RtpSink {

  /** Nobody records. */
  RtpSink NONE =
      new RtpSink() {
        @Override
        public void rtp(
            PeerId peer,
            int sequence,
            int timestamp,
            byte[] payload,
            int offset,
            int length,
            long nowNs) {}

        @Override
        public void senderReport(PeerId peer, long ntp, int timestamp, long nowNs) {}

        @Override
        public void mark(PeerId peer, Mark mark, long nowNs) {}
      };

  /**
   * One Opus packet of an unmuted peer. May come reordered, twice, or late, as the network brought
   * it.
   *
   * @param sequence 16 bits
   * @param timestamp RTP time, 32 bits, 48 kHz
   */
  void rtp(
      PeerId peer, int sequence, int timestamp, byte[] payload, int offset, int length, long nowNs);

  /**
   * The sender's clock, from an RTCP sender report (RFC 3550 §6.4.1).
   *
   * @param ntp 64-bit NTP time of the sender
   * @param timestamp RTP time of the same instant
   */
  void senderReport(PeerId peer, long ntp, int timestamp, long nowNs);

  /** Something that is not audio happened to a peer. */
  void mark(PeerId peer, Mark mark, long nowNs);

  /** Something that is to be told beside the tracks. */
  default void note(RecordingNote note, long nowNs) {}

  sealed interface Mark {
    record Joined(PeerInfo info, boolean muted) implements Mark {}

    record Muted(boolean muted) implements Mark {}

    record Talking(boolean talking) implements Mark {}

    /** Nothing of the peer is recorded from now on, or it is again. */
    record Masked(boolean masked, String why) implements Mark {}

    /** The peer offered again: a new stream (SSRC, clock) may begin on the same track. */
    record Restarted() implements Mark {}

    record Left(String reason) implements Mark {}
  }
}
