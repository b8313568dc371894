package parley.relay.call;

import java.util.BitSet;
import parley.relay.rtp.RtpPacket;

/** What a jitter buffer would see of one slot; complains when it is not one continuous stream. */
final class SimulatedListener {

  /**
   * What the network's jitter, a blackout's end, and switches in the middle of a frame may add up
   * to: the stream's clock against the wall's.
   */
  private static final long MAX_DRIFT_TICKS = 48_000;

  /** Blackouts may follow upon each other for as long as a simulation is wild. */
  private static final int MAX_GAP = 12 * 50;

  private final BitSet used = new BitSet();
  private long highest = -1;
  private int highestTimestamp;
  private long driftTicks;
  private long highestNs;

  void hear(RtpPacket packet, long nowNs) {
    if (highest < 0) {
      highest = packet.sequence();
      check(packet.marker(), "a stream begins with a mark");
      remember(packet, nowNs);
      used.set((int) highest);
      return;
    }
    int step = (short) (packet.sequence() - (int) highest);
    int ticks = packet.timestamp() - highestTimestamp;
    long extended = highest + step;
    check(!used.get((int) extended), "no sequence number is sent twice");
    used.set((int) extended);
    if (step > 0) {
      check(step < MAX_GAP, "gaps are what the network lost");
      check(ticks > 0, "timestamps go on");
      driftTicks += ticks - (nowNs - highestNs) * 48 / 1_000_000;
      check(Math.abs(driftTicks) < MAX_DRIFT_TICKS, "timestamps keep time");
      highest = extended;
      remember(packet, nowNs);
    } else {
      check(step > -64, "nothing comes absurdly late");
      check(ticks < 0, "late packets are older");
    }
  }

  /** Cheaper than a fluent assertion: this runs millions of times. */
  static void check(boolean sound, String what) {
    if (!sound) {
      throw new AssertionError("does not hold: " + what);
    }
  }

  private void remember(RtpPacket packet, long nowNs) {
    highestTimestamp = packet.timestamp();
    highestNs = nowNs;
  }
}
