package parley.signalling.webhook;

import java.time.Duration;

/** Lets something be said once in a while only. */
final class Rarely {

  private final long intervalNs;
  private long notBeforeNs = Long.MIN_VALUE;

  Rarely(Duration interval) {
    this.intervalNs = interval.toNanos();
  }

  boolean may(long nowNs) {
    if (nowNs < notBeforeNs) {
      return false;
    }
    notBeforeNs = nowNs + intervalNs;
    return true;
  }
}
