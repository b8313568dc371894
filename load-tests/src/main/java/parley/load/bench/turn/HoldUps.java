package parley.load.bench.turn;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import parley.load.bench.measure.LatencyHistogram;

/**
 * Tells how long packets took from how long the generator was kept from its processor. While it is,
 * nothing is heard that arrives, and afterwards it sends at once what it should have sent
 * meanwhile, which any server needs time for. Packets sent around such a moment say nothing of
 * latency, and are left out, the same for every server.
 */
final class HoldUps {

  /** A round of the generator takes some tens of microseconds. */
  private static final long LONG_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Packets that were on their way when it began: most servers' latency is below this. */
  private static final long BEFORE_NS = TimeUnit.MILLISECONDS.toNanos(1);

  /**
   * How many times as long as a hold-up its consequences last: a server that is busy for three
   * quarters of the time catches up in three.
   */
  private static final int AFTERWARDS = 4;

  private final long[] sentNs;
  private final long[] tookNs;
  private int packets;
  private long[] fromNs = new long[64];
  private long[] untilNs = new long[64];
  private int count;

  /**
   * @param most packets that are heard of
   */
  HoldUps(int most) {
    sentNs = new long[most];
    tookNs = new long[most];
  }

  void heard(long sent, long took) {
    if (packets < sentNs.length) {
      sentNs[packets] = sent;
      tookNs[packets++] = took;
    }
  }

  /** The generator did something from then to then, or wanted to. */
  void round(long startNs, long endNs) {
    long took = endNs - startNs;
    if (took < LONG_NS) {
      return;
    }
    if (count == fromNs.length) {
      fromNs = Arrays.copyOf(fromNs, 2 * count);
      untilNs = Arrays.copyOf(untilNs, 2 * count);
    }
    fromNs[count] = startNs - BEFORE_NS;
    untilNs[count++] = endNs + AFTERWARDS * took;
  }

  /** Of the packets that nothing held up but their way. */
  LatencyHistogram latency() {
    var latency = new LatencyHistogram();
    for (int i = 0; i < packets; i++) {
      if (!isHeldUp(sentNs[i])) {
        latency.record(tookNs[i]);
      }
    }
    return latency;
  }

  private boolean isHeldUp(long at) {
    for (int i = 0; i < count; i++) {
      if (at - fromNs[i] >= 0 && at - untilNs[i] <= 0) {
        return true;
      }
    }
    return false;
  }
}
