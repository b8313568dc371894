package parley.relay.net;

import java.util.concurrent.TimeUnit;

/**
 * Whether so many packets come that a rest between rounds gathers a good number of them: by the
 * count of the last hundredth of a second. Owned by its loop.
 */
final class Busyness {

  private static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private final long packetsAWindow;
  private long beganNs;
  private long packets;
  private boolean busy;

  /**
   * @param packetsASecond from which on it is busy
   */
  Busyness(long packetsASecond, long nowNs) {
    this.packetsAWindow = packetsASecond * WINDOW_NS / TimeUnit.SECONDS.toNanos(1);
    this.beganNs = nowNs;
  }

  /** So many more have come. */
  boolean after(long more, long nowNs) {
    packets += more;
    long lastedNs = nowNs - beganNs;
    if (lastedNs >= WINDOW_NS) {
      busy = packets * WINDOW_NS >= packetsAWindow * lastedNs;
      beganNs = nowNs;
      packets = 0;
    }
    return busy;
  }
}
