package parley.signalling.call;

import java.time.Instant;
import parley.signalling.wire.IsoTime;

/**
 * A call's one clock: the wall's time when the call was created, and monotonic time from there on,
 * so that what the call says never goes back when the wall's clock does.
 */
final class Timeline {
  private final Instant created;
  private final long createdNs;
  private long lastGentime;

  Timeline(Instant created, long createdNs) {
    this.created = created;
    this.createdNs = createdNs;
  }

  IsoTime created() {
    return new IsoTime(created);
  }

  IsoTime at(long nowNs) {
    return new IsoTime(instant(nowNs));
  }

  /** Unix nanoseconds; each is greater than the one before. */
  long nextGentime(long nowNs) {
    Instant now = instant(nowNs);
    long unixNs =
        Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    lastGentime = Math.max(lastGentime + 1, unixNs);
    return lastGentime;
  }

  /** The last one that was told; 0: none yet. */
  long lastGentime() {
    return lastGentime;
  }

  /** From now on each is greater than this one, by whosever clock it was. */
  void after(long gentime) {
    lastGentime = Math.max(lastGentime, gentime);
  }

  private Instant instant(long nowNs) {
    return created.plusNanos(nowNs - createdNs);
  }
}
