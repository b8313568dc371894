package parley.relay.net;

import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a busy loop from waking up for every packet: a batch begins no sooner than this long after
 * the one before, as network cards space their interrupts. What arrives meanwhile shares one
 * wake-up and one way out, and voices for the same listener share a message.
 *
 * <p>A loop that is woken less often than that never waits; nor does one that is behind. Owned by
 * its loop, of media or of TURN.
 */
final class BatchPace {

  private final long spacingNs;
  private long restedNs;

  /**
   * @param spacingNs the most that a packet is held up
   */
  BatchPace(long spacingNs, long nowNs) {
    this.spacingNs = spacingNs;
    this.restedNs = nowNs - spacingNs;
  }

  /** A batch is done, and what it caused is sent. */
  void rest() {
    long nowNs = System.nanoTime();
    long leftNs = restedNs + spacingNs - nowNs;
    if (leftNs <= 0) {
      restedNs = nowNs;
    } else {
      restedNs += spacingNs;
      LockSupport.parkNanos(leftNs);
    }
  }
}
