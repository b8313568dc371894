package parley.relay.mix;

import java.util.Arrays;
import parley.relay.rtp.OpusToc;

/**
 * Learns how late a voice's packets come compared with the quickest of them, and so how long they
 * have to wait for those that the network holds up. All in ticks of 48 kHz.
 */
final class DelayEstimator {

  /** A packet that arrives right after a frame was mixed waits for the next one anyway. */
  static final int MIN_DELAY = OpusToc.CLOCK_HZ / 100;

  /** A quarter of a second: who waits longer talks over the others. */
  static final int MAX_DELAY = OpusToc.CLOCK_HZ / 4;

  /** 5 ms. */
  private static final int BUCKET = OpusToc.CLOCK_HZ / 200;

  /** So many packets in a hundred come within the delay; the rest is concealed. */
  private static final float COVERED = 0.98f;

  /** What a packet weighs in the long run: the last ten seconds or so count. */
  private static final float WEIGHT = 0.002f;

  /** What is assumed at first counts like so many packets. */
  private static final int PRIOR = 5;

  /** Clocks drift, routes change: the quickest packet of the last 5 to 10 s counts. */
  private static final long WINDOW = 5L * OpusToc.CLOCK_HZ;

  private final float[] histogram = new float[MAX_DELAY / BUCKET];
  private long packets;
  private long windowStart;
  private long quickest;
  private long quickestBefore;
  private int delay = 2 * MIN_DELAY;

  /** A packet of the time {@code timestamp} came at {@code arrival}. */
  void on(long timestamp, long arrival) {
    long transit = arrival - timestamp;
    if (packets == 0) {
      begin(transit, arrival);
    }
    if (arrival - windowStart > WINDOW) {
      boolean recent = arrival - windowStart <= 2 * WINDOW;
      quickestBefore = recent ? quickest : transit;
      quickest = transit;
      windowStart = arrival;
    }
    quickest = Math.min(quickest, transit);
    packets++;
    learn((int) Math.min(transit - quickest(), MAX_DELAY - 1));
  }

  /** Another clock: what was learnt of this one's offset means nothing any more. */
  void restart() {
    packets = 0;
  }

  /** How long the quickest packets take, on the sender's clock: an offset of clocks mostly. */
  long quickest() {
    return Math.min(quickest, quickestBefore);
  }

  /** How much later than the quickest a packet is to be played. */
  int delay() {
    return delay;
  }

  private void begin(long transit, long arrival) {
    windowStart = arrival;
    quickest = transit;
    quickestBefore = transit;
    Arrays.fill(histogram, 0);
    histogram[2 * MIN_DELAY / BUCKET - 1] = 1; // until more is known
  }

  private void learn(int late) {
    float weight = Math.max(WEIGHT, 1f / (packets + PRIOR));
    for (int i = 0; i < histogram.length; i++) {
      histogram[i] -= histogram[i] * weight;
    }
    histogram[late / BUCKET] += weight;
    float covered = 0;
    int bucket = 0;
    while (bucket < histogram.length - 1 && (covered += histogram[bucket]) < COVERED) {
      bucket++;
    }
    delay = Math.clamp((bucket + 1L) * BUCKET, MIN_DELAY, MAX_DELAY);
  }
}
