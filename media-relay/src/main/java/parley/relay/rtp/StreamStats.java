package parley.relay.rtp;

/**
 * What a receiver reports about one incoming stream: extended sequence number (RFC 3550 A.1), loss
 * (A.3), jitter (A.8). Packets are authenticated before they come here, so a stream needs no
 * probation.
 */
public final class StreamStats {

  private static final int SEQUENCE_MOD = 1 << 16;

  /** RFC 3550 A.1: a larger jump forward is a restart, not a loss. */
  private static final int MAX_DROPOUT = 3000;

  /** RFC 3550 A.1: how far a packet may come late. */
  private static final int MAX_MISORDER = 100;

  /** No sequence number matches it. */
  private static final int NO_SEQUENCE = SEQUENCE_MOD + 1;

  private final int clockHz;
  private boolean started;
  private int baseSequence;
  private int maxSequence;
  private int badSequence;
  private long cycles;
  private long received;
  private long expectedPrior;
  private long receivedPrior;
  private int transit;
  private int firstTransit;
  private int leastTransit; // since it was taken, against the first
  private boolean leastKnown;
  private long late;
  private long scaledJitter; // sixteen times the jitter (RFC 3550 A.8)

  public StreamStats(int clockHz) {
    this.clockHz = clockHz;
  }

  /** Forgets everything: another stream begins. */
  public void reset() {
    started = false;
    received = 0;
    expectedPrior = 0;
    receivedPrior = 0;
    scaledJitter = 0;
    leastKnown = false;
    late = 0;
  }

  /**
   * A packet has arrived.
   *
   * @return false for a packet that does not fit the stream: the first one after a jump (A.1)
   */
  public boolean on(int sequence, int timestamp, long nowNs) {
    if (!started) {
      started = true;
      restart(sequence);
      transit = transit(timestamp, nowNs);
      firstTransit = transit;
      noteLeast();
      received = 1;
      return true;
    }
    int delta = (sequence - maxSequence) & 0xFFFF;
    if (delta < MAX_DROPOUT) {
      if (sequence < maxSequence) {
        cycles += SEQUENCE_MOD;
      }
      maxSequence = sequence;
    } else if (delta <= SEQUENCE_MOD - MAX_MISORDER) {
      if (sequence != badSequence) {
        badSequence = (sequence + 1) & 0xFFFF;
        return false;
      }
      restart(sequence); // two in a row: the other side has begun anew
    } else {
      late++; // or twice: counts as received (A.1)
    }
    received++;
    measureJitter(transit(timestamp, nowNs));
    return true;
  }

  /** Whether any packet has come since the last {@link #reset}. */
  public boolean started() {
    return started;
  }

  /** Sequence number of the newest packet, with the count of its cycles above (RFC 3550 §6.4.1). */
  public int extendedHighest() {
    return (int) (cycles + maxSequence);
  }

  public long received() {
    return received;
  }

  public long expected() {
    return started ? cycles + maxSequence - baseSequence + 1 : 0;
  }

  /** Lost since the beginning; negative when packets came twice. */
  public long lost() {
    return expected() - received;
  }

  /** {@link #lost} in the 24 signed bits of a report block (RFC 3550 A.3). */
  public int cumulativeLost() {
    return Math.clamp(lost(), -0x80_0000, 0x7F_FFFF);
  }

  /**
   * Loss since this was last asked for, in 1/256, and begins the next interval (RFC 3550 A.3): ask
   * once a report.
   */
  public int takeFractionLost() {
    long expectedInterval = expected() - expectedPrior;
    long receivedInterval = received - receivedPrior;
    expectedPrior = expected();
    receivedPrior = received;
    long lostInterval = expectedInterval - receivedInterval;
    if (expectedInterval <= 0 || lostInterval <= 0) {
      return 0;
    }
    return (int) Math.min(255, (lostInterval << 8) / expectedInterval);
  }

  /** Packets that came behind a newer one: overtaken, repeated, or sent again. */
  public long late() {
    return late;
  }

  /** Whether a packet has come since {@link #takeLeastTransit}. */
  public boolean hasLeastTransit() {
    return leastKnown;
  }

  /**
   * The shortest way that a packet took since this was last asked for, against the stream's first:
   * in ticks of the stream's clock, so that a step shows that one of the two clocks jumped.
   */
  public int takeLeastTransit() {
    leastKnown = false;
    return leastTransit;
  }

  public int clockHz() {
    return clockHz;
  }

  /** In ticks of the stream's clock (RFC 3550 A.8). */
  public int jitter() {
    return (int) (scaledJitter >> 4);
  }

  private void restart(int sequence) {
    baseSequence = sequence;
    maxSequence = sequence;
    badSequence = NO_SEQUENCE;
    cycles = 0;
    received = 0;
    receivedPrior = 0;
    expectedPrior = 0;
  }

  private int transit(int timestamp, long nowNs) {
    return (int) RtpTime.ticks(nowNs, clockHz) - timestamp;
  }

  private void noteLeast() {
    int relative = transit - firstTransit;
    if (!leastKnown || relative < leastTransit) {
      leastTransit = relative;
      leastKnown = true;
    }
  }

  private void measureJitter(int newTransit) {
    int difference = Math.abs(newTransit - transit);
    transit = newTransit;
    noteLeast();
    if (difference < 0) {
      return; // the one value without a magnitude
    }
    scaledJitter += difference - ((scaledJitter + 8) >> 4);
  }
}
