package parley.relay.recording;

import java.util.Arrays;

/**
 * Where one sender's RTP clock lies on the recording's time line.
 *
 * <p>A packet's transit is its arrival, less its duration, less its RTP time: the sender's clock
 * offset plus the network's delay. Delay only ever adds, so the smallest transit is the best
 * knowledge of the offset. It is taken at once while a stream settles; later it is followed no
 * faster than clocks drift, because a queue that builds up somewhere in the network must not move
 * what was said. All values are samples at 48 kHz.
 */
final class StreamClock {

  /** 5 s: by then jitter has shown its minimum. */
  private static final long SETTLING = 240_000;

  /** Sound cards are specified to 100–200 ppm; more than twice that is no drift. */
  private static final double MAX_SLEW = 500e-6;

  private static final long BUCKET = 96_000;

  /** 10 s of 2 s buckets are the minimum that is followed: at 200 ppm it lags by 2 ms. */
  private static final int FOLLOWED = 5;

  /** 30 s: no queue stays full for so long without emptying once, so it is the clock that moved. */
  private static final int BUCKETS = 15;

  private static final double LONG_STEP = 4800;

  /**
   * 10 ms: a packet cannot arrive before it was sent, so some that are this early prove that all
   * before were late, or that the clock jumped. They need not come in a row: of what a busy sender
   * sends in bursts, only the last packet of each is in time.
   */
  private static final double EARLY_STEP = 480;

  private static final int EARLY_PROOF = 5;

  /** 4 s, in which the proof is to come together: a burst takes some hundred milliseconds. */
  private static final long EARLY_WITHIN = 192_000;

  private final long[] minimum = new long[BUCKETS];
  private double offset;
  private boolean anchored;
  private long settledAt;
  private long lastArrival;
  private long bucket;
  private long anchoredAt;
  private int early;
  private long earlySince;
  private long earliest;

  boolean anchored() {
    return anchored;
  }

  boolean settled(long arrival) {
    return anchored && arrival >= settledAt;
  }

  double offset() {
    return offset;
  }

  /** Place on the time line of an (extended) RTP time. */
  long position(long rtp) {
    return rtp + Math.round(offset);
  }

  /** Starts over from this transit: a new stream, or one whose clock has jumped. */
  void restart(long transit, long arrival) {
    anchor((double) transit);
    anchoredAt = arrival;
    settledAt = arrival + SETTLING;
    lastArrival = arrival;
    bucket = arrival / BUCKET;
    Arrays.fill(minimum, Long.MAX_VALUE);
  }

  /** Takes an offset that is known better than by arrival. */
  void adopt(double known, long arrival) {
    anchor(known);
    settledAt = Math.min(settledAt, arrival);
  }

  void onPacket(long transit, long arrival) {
    remember(transit, arrival);
    if (arrival < settledAt) {
      offset = Math.min(offset, (double) transit);
    } else if (!steppedDown(transit, arrival)) {
      follow(arrival);
    }
    lastArrival = Math.max(lastArrival, arrival);
  }

  private void anchor(double value) {
    offset = value;
    anchored = true;
    early = 0;
  }

  private void remember(long transit, long arrival) {
    long now = arrival / BUCKET;
    for (long b = Math.max(bucket + 1, now - BUCKETS + 1); b <= now; b++) {
      minimum[(int) Math.floorMod(b, (long) BUCKETS)] = Long.MAX_VALUE;
    }
    bucket = Math.max(bucket, now);
    int slot = (int) Math.floorMod(now, (long) BUCKETS);
    minimum[slot] = Math.min(minimum[slot], transit);
  }

  private boolean steppedDown(long transit, long arrival) {
    if (transit > offset - EARLY_STEP) {
      return false;
    }
    if (early == 0 || arrival - earlySince > EARLY_WITHIN) {
      early = 0;
      earlySince = arrival;
      earliest = transit;
    }
    earliest = Math.min(earliest, transit);
    if (++early >= EARLY_PROOF) {
      anchor((double) earliest);
    }
    return true;
  }

  private void follow(long arrival) {
    long low = smallest(BUCKETS);
    if (low > offset + LONG_STEP && arrival - anchoredAt > BUCKET * BUCKETS) {
      anchor((double) low);
      return;
    }
    double limit = MAX_SLEW * Math.clamp(arrival - lastArrival, 0, 48_000);
    offset += Math.clamp(smallest(FOLLOWED) - offset, -limit, limit);
  }

  private long smallest(int buckets) {
    long low = Long.MAX_VALUE;
    for (int i = 0; i < buckets; i++) {
      low = Math.min(low, minimum[(int) Math.floorMod(bucket - i, (long) BUCKETS)]);
    }
    return low;
  }
}
