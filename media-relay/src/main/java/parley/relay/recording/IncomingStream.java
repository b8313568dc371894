package parley.relay.recording;

import java.util.TreeMap;

/**
 * One RTP stream of a participant: extends its 16-bit sequence numbers and 32-bit times, and holds
 * packets back until they can be written in order.
 */
final class IncomingStream {

  /** RFC 3550 A.1, MAX_DROPOUT: a larger jump is another stream. */
  private static final int MAX_JUMP = 3000;

  /** 1 s: a packet that comes so much before its time belongs to another clock. */
  private static final long MAX_EARLY = 48_000;

  /** 5 s: longer stalls of a network end in a new connection. */
  private static final long MAX_LATE = 240_000;

  /** How many sequence numbers back a repeated packet is told from a late one. */
  private static final int HISTORY = 1024;

  /**
   * A packet that waits for its turn.
   *
   * @param rtp extended RTP time
   * @param samples 0 when it carries no audio that can be recorded
   */
  record Held(long sequence, long rtp, byte[] payload, int samples, long arrival) {}

  final StreamClock clock = new StreamClock();
  final TreeMap<Long, Held> held = new TreeMap<>();
  private final long[] seen = new long[HISTORY / 64];
  private long highest;
  private long lastRtp;

  /** First sequence number that has not been written; -1 before anything was. */
  long next = -1;

  /** While the clock is (re)measured nothing is written; -1: not measuring. */
  long measuringUntil;

  long smallestTransit = Long.MAX_VALUE;

  IncomingStream(int sequence, int rtp, long measuringUntil) {
    this.highest = sequence + 65_536L; // room below for what was overtaken
    this.lastRtp = Integer.toUnsignedLong(rtp) + (1L << 32);
    this.measuringUntil = measuringUntil;
  }

  long extendSequence(int sequence) {
    return highest + (short) (sequence - (int) highest);
  }

  long extendRtp(int rtp) {
    return lastRtp + (rtp - (int) lastRtp);
  }

  /** Whether a packet can belong to this stream. */
  boolean fits(int sequence, int rtp, int samples, long arrival) {
    if (Math.abs(extendSequence(sequence) - highest) > MAX_JUMP) {
      return false;
    }
    if (!clock.anchored()) {
      return Math.abs(extendRtp(rtp) - lastRtp) < MAX_LATE;
    }
    double delay = arrival - samples - extendRtp(rtp) - clock.offset();
    return delay > -MAX_EARLY && delay < MAX_LATE;
  }

  /** Takes note of a sequence number; false when it was there before. */
  boolean firstTime(long sequence) {
    if (sequence > highest) {
      for (long s = Math.max(highest + 1, sequence - HISTORY + 1); s < sequence; s++) {
        forget(s);
      }
      forget(sequence);
      highest = sequence;
    } else if (highest - sequence >= HISTORY) {
      return true; // too old to know: late in any case
    }
    int bit = (int) Math.floorMod(sequence, (long) HISTORY);
    boolean was = (seen[bit >> 6] & 1L << bit) != 0;
    seen[bit >> 6] |= 1L << bit;
    return !was;
  }

  void advance(long rtp) {
    lastRtp = Math.max(lastRtp, rtp);
  }

  private void forget(long sequence) {
    int bit = (int) Math.floorMod(sequence, (long) HISTORY);
    seen[bit >> 6] &= ~(1L << bit);
  }
}
