package parley.relay.call;

import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OpusToc;

/**
 * How loud it is where nobody speaks: the quietest of the last one and a half to three seconds,
 * smoothed, for even a quick speaker pauses that often (minimum statistics).
 */
final class NoiseFloor {

  private static final long WINDOW_NS = 1_500_000_000L;

  /** A fourth of the difference each 20 ms: one quiet frame between two words is no floor. */
  private static final float SMOOTHING = 0.25f;

  private float smoothed = -1;
  private float quietest;
  private float quietestBefore;
  private long windowNs;

  /**
   * @param level of a packet, −dBov
   * @param ticks how long it plays
   */
  void on(int level, int ticks, long nowNs) {
    if (smoothed < 0) {
      smoothed = level;
      quietest = level;
      quietestBefore = level;
      windowNs = nowNs;
    }
    smoothed += (level - smoothed) * Math.min(1, SMOOTHING * ticks * 50 / OpusToc.CLOCK_HZ);
    if (nowNs - windowNs > WINDOW_NS) {
      windowNs = nowNs;
      quietestBefore = quietest;
      quietest = smoothed;
    }
    quietest = Math.max(quietest, smoothed);
  }

  /** −dBov; silence before the first packet. */
  int level() {
    return smoothed < 0 ? AudioLevel.SILENCE : Math.round(Math.max(quietest, quietestBefore));
  }
}
