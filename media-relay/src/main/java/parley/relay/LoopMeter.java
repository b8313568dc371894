package parley.relay;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one media loop counts. Written by that loop's thread only, read by whoever scrapes: a count
 * is one plain addition and an ordered store, without a lock, look-up or boxed number.
 */
public final class LoopMeter {

  private static final int PACKETS_IN = 0;
  private static final int BYTES_IN = 1;
  private static final int PACKETS_OUT = 2;
  private static final int BYTES_OUT = 3;
  private static final int CALLS = 4;
  private static final int PEERS = 5;
  private static final int FIRST_DROP = 6;
  private static final int FIRST_OUTCOME = FIRST_DROP + Drop.values().length;
  private static final int SIZE = FIRST_OUTCOME + LegOutcome.values().length;

  private final AtomicLongArray counts = new AtomicLongArray(SIZE);
  private final Timer lag;

  LoopMeter(Timer lag) {
    this.lag = lag;
  }

  public void received(int lengthBytes) {
    add(PACKETS_IN, 1);
    add(BYTES_IN, lengthBytes);
  }

  public void sent(int lengthBytes) {
    add(PACKETS_OUT, 1);
    add(BYTES_OUT, lengthBytes);
  }

  public void drop(Drop reason) {
    add(FIRST_DROP + reason.ordinal(), 1);
  }

  public void ended(LegOutcome outcome) {
    add(FIRST_OUTCOME + outcome.ordinal(), 1);
  }

  public void calls(int change) {
    add(CALLS, change);
  }

  public void peers(int change) {
    add(PEERS, change);
  }

  /** How much later than planned the loop's timer ran. */
  public void lag(long lagNs) {
    lag.record(lagNs, TimeUnit.NANOSECONDS);
  }

  public long packetsIn() {
    return counts.get(PACKETS_IN);
  }

  public long packetsOut() {
    return counts.get(PACKETS_OUT);
  }

  public long drops(Drop reason) {
    return counts.get(FIRST_DROP + reason.ordinal());
  }

  public long legs(LegOutcome outcome) {
    return counts.get(FIRST_OUTCOME + outcome.ordinal());
  }

  public long calls() {
    return counts.get(CALLS);
  }

  public long peers() {
    return counts.get(PEERS);
  }

  long bytesIn() {
    return counts.get(BYTES_IN);
  }

  long bytesOut() {
    return counts.get(BYTES_OUT);
  }

  private void add(int index, long change) {
    counts.setRelease(index, counts.getPlain(index) + change);
  }
}
