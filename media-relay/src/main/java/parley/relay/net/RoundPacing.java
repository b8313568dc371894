package parley.relay.net;

import java.util.concurrent.locks.LockSupport;

/**
 * Has a loop that is woken for almost every packet wait a moment, so that it is woken for several
 * at once: being woken costs more than a packet does. Owned by its loop.
 */
final class RoundPacing {

  /**
   * What a packet may wait: with the kernel's timer slack of 50 µs and the waking, it is some 130
   * µs, less than a hundredth of what it stands for in sound.
   */
  private static final long PAUSE_NS = 30_000;

  /** Rounds this close to each other: thousands a second. */
  private static final long BUSY_NS = 250_000;

  /** Rounds that shared as many packets are cheap already. */
  private static final int ENOUGH = 12;

  /** Rounds in a row before anything is held up: silence is no load. */
  private static final int CALM_ROUNDS = 16;

  private long lastNs;
  private int busyRounds;

  /**
   * A round is over.
   *
   * @param nowNs when it began
   * @param packets that came in it
   */
  void onRoundEnd(long nowNs, int packets) {
    boolean busy = nowNs - lastNs < BUSY_NS;
    lastNs = nowNs;
    busyRounds = busy ? Math.min(CALM_ROUNDS, busyRounds + 1) : Math.max(0, busyRounds - 4);
    if (busyRounds == CALM_ROUNDS && packets < ENOUGH) {
      LockSupport.parkNanos(PAUSE_NS);
    }
  }
}
