package parley.relay.recording;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What the recorder counts. Written by its thread, but for packets dropped; read by anybody. */
public final class RecorderMeter {

  /** At fifty passes a second a peak has halved after a second. */
  private static final int PEAK_SHARE = 64;

  /** Positions in tracks are counted in samples (RFC 7587 §4.1). */
  private static final double SAMPLES_PER_SECOND = 48_000;

  private final AtomicInteger running = new AtomicInteger();
  private final LongAdder complete = new LongAdder();
  private final LongAdder stopped = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final AtomicLongArray missing = new AtomicLongArray(Gap.Why.values().length);
  private volatile long lagNs;

  /** So many calls are being recorded. */
  void running(int calls) {
    running.set(calls);
  }

  /** A pass is over; this old was the oldest packet that was taken. */
  void pass(long oldestNs) {
    long peakNs = lagNs;
    lagNs = Math.max(oldestNs, peakNs - peakNs / PEAK_SHARE);
  }

  /** A media loop could not hand a packet over. */
  void dropped() {
    dropped.increment();
  }

  void missing(Gap.Why why, long samples) {
    missing.addAndGet(why.ordinal(), samples);
  }

  /** A recording is closed. */
  void closed(boolean whole) {
    (whole ? complete : stopped).increment();
  }

  /** Calls that are being recorded. */
  public int running() {
    return running.get();
  }

  /** How long packets have waited at worst of late before they were written. */
  public long lagNs() {
    return lagNs;
  }

  /** Packets that media loops could not hand over. */
  public long packetsDropped() {
    return dropped.sum();
  }

  /** Recordings that were closed, all of whose files could be written; or else not. */
  public long closed(Result result) {
    return result == Result.COMPLETE ? complete.sum() : stopped.sum();
  }

  /** How a recording ended. */
  public enum Result {
    COMPLETE,
    /** Something broke: its ledger says what is missing. */
    STOPPED
  }

  /**
   * Seconds that are missing from closed recordings and should be there.
   *
   * @param cause one of {@link #causes}
   */
  public double missingS(String cause) {
    return Gap.Why.of(cause).map(why -> missing.get(why.ordinal())).orElse(0L) / SAMPLES_PER_SECOND;
  }

  /** The causes of which something is missing that should be there. */
  public static List<String> causes() {
    return Arrays.stream(Gap.Why.values()).filter(Gap.Why::isDue).map(Gap.Why::word).toList();
  }
}
