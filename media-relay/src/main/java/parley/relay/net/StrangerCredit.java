package parley.relay.net;

import java.time.Duration;

/**
 * How many packets from addresses that are nobody's may be tried with one leg's keys: whoever knows
 * an SSRC can forge such packets, and each costs a digest. Owned by its leg.
 */
final class StrangerCredit {

  /** A client that moves is followed within a packet; more tries a second are a forger's. */
  private static final long PACKET_NS = Duration.ofMillis(20).toNanos();

  /** A second of voice that was held up on its way. */
  private static final int AT_ONCE = 50;

  private long spentNs;
  private boolean any;

  /** Whether one more may be tried; if so, it counts. */
  boolean take(long nowNs) {
    long least = nowNs - AT_ONCE * PACKET_NS;
    spentNs = any ? Math.max(spentNs, least) : least;
    any = true;
    if (nowNs - spentNs < PACKET_NS) {
      return false;
    }
    spentNs += PACKET_NS;
    return true;
  }
}
