package parley.relay.rtp;

import java.util.Arrays;

/**
 * When a client's packets came, by the number it gives them across all its streams: what its
 * bandwidth estimate lives on (draft-holmer-rmcat-transport-wide-cc-extensions-01). Collects, and
 * writes what is new since the last time.
 */
public final class TransportFeedback {

  /** Its name in an SDP extmap. */
  public static final String URI =
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

  /** FMT of the RTCP packet (§3.1). */
  static final int FORMAT = 15;

  /**
   * Ten reports a second: estimators want one at least in 250 ms, and an audio client sends five
   * packets in that time.
   */
  private static final long INTERVAL_NS = 100_000_000L;

  /** Packets in a report: a second of those of one client. More at once is another stream. */
  static final int CAPACITY = 64;

  /** §3.1.5: a delta's unit. */
  private static final long TICK_NS = 250_000L;

  /** §3.1: the reference time's unit, in ticks. */
  private static final int REFERENCE_TICKS = 256;

  private static final int NOT_RECEIVED = 0;
  private static final int SMALL_DELTA = 1;
  private static final int LARGE_DELTA = 2;

  /** Statuses of two bits in a chunk of 16 (§3.1.4). */
  private static final int IN_A_CHUNK = 7;

  /** No time at which anything came. */
  private static final long NEVER = Long.MIN_VALUE;

  private final long[] ticks = new long[CAPACITY];
  private final byte[] statuses = new byte[CAPACITY + IN_A_CHUNK];
  private boolean started;
  private int first; // of the next report
  private int count; // up to the highest that came; 0: nothing new
  private int reports;
  private long sinceNs;

  /** Another numbering begins. */
  public void reset() {
    started = false;
    count = 0;
  }

  /**
   * A packet came.
   *
   * @param sequence 16 bits, transport-wide
   */
  public void on(int sequence, long nowNs) {
    if (!started) {
      started = true;
      first = sequence;
      sinceNs = nowNs;
    }
    int place = (short) (sequence - first);
    if (place >= CAPACITY) {
      first = sequence; // what lies between is told of nobody
      count = 0;
      place = 0;
    }
    if (place < 0) {
      return; // was told as lost
    }
    if (count == 0) {
      Arrays.fill(ticks, NEVER);
    }
    if (ticks[place] == NEVER) {
      ticks[place] = Math.floorDiv(nowNs, TICK_NS);
    }
    count = Math.max(count, place + 1);
  }

  /** Whether there is something to tell, and it is time to. */
  public boolean isDue(long nowNs) {
    return count > 0 && (nowNs - sinceNs >= INTERVAL_NS || count > CAPACITY / 2);
  }

  /**
   * Writes base sequence number, count, times and statuses (§3.1) and forgets them.
   *
   * @return where they end; not yet a multiple of four
   */
  int write(byte[] out, int begin, long nowNs) {
    int any = 0;
    while (ticks[any] == NEVER) {
      any++; // there is one: count is not 0
    }
    long reference = Math.floorDiv(ticks[any], REFERENCE_TICKS);
    NetworkOrder.putShort(out, begin, first);
    NetworkOrder.putShort(out, begin + 2, count);
    NetworkOrder.putInt(out, begin + 4, (int) reference << 8 | (reports++ & 0xFF));
    int chunks = (count + IN_A_CHUNK - 1) / IN_A_CHUNK;
    int at = writeDeltas(out, begin + 8 + 2 * chunks, reference * REFERENCE_TICKS);
    writeChunks(out, begin + 8, chunks);
    first = first + count & 0xFFFF;
    count = 0;
    sinceNs = nowNs;
    return at;
  }

  private int writeDeltas(byte[] out, int begin, long reference) {
    int at = begin;
    long before = reference;
    Arrays.fill(statuses, (byte) NOT_RECEIVED);
    for (int i = 0; i < count; i++) {
      if (ticks[i] == NEVER) {
        continue;
      }
      long delta = ticks[i] - before;
      before = ticks[i];
      if (delta >= 0 && delta <= 0xFF) {
        statuses[i] = SMALL_DELTA;
        out[at++] = (byte) delta;
      } else {
        statuses[i] = LARGE_DELTA; // eight seconds and more look like eight
        NetworkOrder.putShort(
            out, at, (int) Math.clamp(delta, (long) Short.MIN_VALUE, (long) Short.MAX_VALUE));
        at += 2;
      }
    }
    return at;
  }

  private void writeChunks(byte[] out, int begin, int chunks) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      int bits = 0b11 << 14; // a vector, of two bits each
      for (int i = 0; i < IN_A_CHUNK; i++) {
        bits |= statuses[chunk * IN_A_CHUNK + i] << (2 * (IN_A_CHUNK - 1 - i));
      }
      NetworkOrder.putShort(out, begin + 2 * chunk, bits);
    }
  }
}
