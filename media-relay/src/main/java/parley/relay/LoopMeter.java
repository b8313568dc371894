package parley.relay;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntSupplier;
import parley.relay.api.Fault;

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
  private static final int OFFERS = 6;
  private static final int OFFERS_REFUSED = 7;
  private static final int LAG_NS = 8;
  private static final int TICKED_NS = 9;
  private static final int TRUNK_IN = 10;
  private static final int TRUNK_OUT = 11;
  private static final int FIRST_DROP = 12;
  private static final int FIRST_OUTCOME = FIRST_DROP + Drop.values().length;
  private static final int FIRST_KIND = FIRST_OUTCOME + LegOutcome.values().length;
  private static final int FIRST_TROUBLED = FIRST_KIND + CandidateKind.values().length;
  private static final int FIRST_FAULT = FIRST_TROUBLED + Fault.values().length;
  private static final int SIZE = FIRST_FAULT + Fault.values().length;

  /** At fifty ticks a second a peak has halved after some three seconds. */
  private static final int PEAK_SHARE = 256;

  private final AtomicLongArray counts = new AtomicLongArray(SIZE);
  private final Timer lag;
  private final LegMetrics legMetrics;
  private volatile IntSupplier waiting = () -> 0;

  LoopMeter(Timer lag, LegMetrics legMetrics) {
    this.lag = lag;
    this.legMetrics = legMetrics;
    counts.set(TICKED_NS, System.nanoTime());
  }

  /** What all loops measure of legs together. */
  public LegMetrics ofLegs() {
    return legMetrics;
  }

  /** Where to look how many commands wait. */
  public void watch(IntSupplier commandsWaiting) {
    waiting = commandsWaiting;
  }

  public void received(int lengthBytes) {
    add(PACKETS_IN, 1);
    add(BYTES_IN, lengthBytes);
  }

  public void sent(int lengthBytes) {
    add(PACKETS_OUT, 1);
    add(BYTES_OUT, lengthBytes);
  }

  /** A packet of a voice, or of its end, came from another relay. */
  public void trunkReceived() {
    add(TRUNK_IN, 1);
  }

  /** One went to another relay. */
  public void trunkSent() {
    add(TRUNK_OUT, 1);
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

  /** An offer was accepted, or refused. */
  public void offer(boolean accepted) {
    add(accepted ? OFFERS : OFFERS_REFUSED, 1);
  }

  /** A leg is connected, by such an address of the client. */
  public void selected(CandidateKind kind) {
    add(FIRST_KIND + kind.ordinal(), 1);
  }

  /** A leg that was in this trouble is in another, or in none. */
  public void trouble(Fault before, Fault now) {
    if (!before.isIntended()) {
      add(FIRST_TROUBLED + before.ordinal(), -1);
    }
    if (!now.isIntended()) {
      add(FIRST_TROUBLED + now.ordinal(), 1);
    }
  }

  /** A leg is over: this is what there is to tell of it. */
  public void told(Fault fault) {
    add(FIRST_FAULT + fault.ordinal(), 1);
  }

  /** How much later than planned the loop's timer ran. */
  public void lag(long lagNs, long nowNs) {
    lag.record(lagNs, TimeUnit.NANOSECONDS);
    long peakNs = counts.getPlain(LAG_NS);
    counts.setRelease(LAG_NS, Math.max(lagNs, peakNs - peakNs / PEAK_SHARE));
    counts.setRelease(TICKED_NS, nowNs);
  }

  /** How late the timer was at worst of late. */
  public long lagNs() {
    return counts.get(LAG_NS);
  }

  /** How long ago the timer ran; it runs fifty times a second. */
  public long silentNs(long nowNs) {
    return Math.max(0, nowNs - counts.get(TICKED_NS));
  }

  public long offers(boolean accepted) {
    return counts.get(accepted ? OFFERS : OFFERS_REFUSED);
  }

  public long selections(CandidateKind kind) {
    return counts.get(FIRST_KIND + kind.ordinal());
  }

  /** Legs that are in this trouble now. */
  public long troubled(Fault fault) {
    return counts.get(FIRST_TROUBLED + fault.ordinal());
  }

  /** Legs that are over, by what there was to tell of them. */
  public long over(Fault fault) {
    return counts.get(FIRST_FAULT + fault.ordinal());
  }

  int commandsWaiting() {
    return waiting.getAsInt();
  }

  public long packetsIn() {
    return counts.get(PACKETS_IN);
  }

  public long packetsOut() {
    return counts.get(PACKETS_OUT);
  }

  public long trunkIn() {
    return counts.get(TRUNK_IN);
  }

  public long trunkOut() {
    return counts.get(TRUNK_OUT);
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
