package parley.relay.net;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Has a loop look for packets again and again for a while after it last had something to do. A loop
 * that sleeps has to be woken, and its processor to be fetched from whoever else got it meanwhile.
 * Owned by its loop.
 */
final class BusyPolling implements SelectStrategy {

  private final long spanNs;
  private final LongSupplier clock;
  private boolean woken = true;
  private long untilNs;

  /**
   * @param spanNs without packets before the loop sleeps
   * @param clock nanoseconds
   */
  BusyPolling(long spanNs, LongSupplier clock) {
    this.spanNs = spanNs;
    this.clock = clock;
  }

  @Override
  public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
    int ready = selectNow.get();
    long nowNs = clock.getAsLong();
    if (ready > 0 || hasTasks || woken) {
      woken = false;
      untilNs = nowNs + spanNs;
      return ready;
    }
    if (nowNs - untilNs < 0) {
      return ready;
    }
    woken = true; // when it is asked again
    return SelectStrategy.SELECT;
  }
}
