package parley.relay.rtp;

import java.util.random.RandomGenerator;

/**
 * Makes one continuous stream out of packets of changing sources: own SSRC, sequence numbers and
 * timestamps that run on across every change, as the receiver's jitter buffer needs them.
 *
 * <p>Gaps and reordering inside a source pass through, so that the receiver sees what the network
 * lost and can conceal it; a change of source leaves no gap in sequence numbers, and its timestamps
 * advance by the time that really passed. No sequence number is ever used twice, which the
 * encryption around it depends on (RFC 3711 §9.1).
 */
public final class RtpRewriter {

  /** More in one step is a sender that began anew (RFC 3550 A.1), not a loss. */
  static final int MAX_GAP = 3000;

  /** How late a packet may come, in packets: more than a second; a jitter buffer holds less. */
  static final int WINDOW = 64;

  private static final int HALF_OF_NUMBERS = 1 << 15;

  /** A source's clock may run ahead of ours by so much before it counts as set anew. */
  private static final int MAX_AHEAD_SECONDS = 10;

  /** Half a second: a receiver that waited longer would hear everything too late from then on. */
  private static final long MAX_SEAMLESS_NS = 500_000_000L;

  private final int ssrc;
  private final int clockHz;
  private boolean sent; // anything, ever
  private boolean based; // the current source's numbers are mapped
  private boolean seamless; // the current source begins where the one before was
  private int source;
  private int highestSource; // sequence number, 16 bits, the source's
  private int suspect = -1; // the number that would follow a jump back (RFC 3550 A.1)
  private int timestampOffset;
  private long firstOut; // of the current source
  private long highestOut; // extended beyond 16 bits
  private long seen; // bit i: highestOut - i has been sent
  private int highestTimestamp; // ours
  private int highestTicks; // how long that packet plays
  private long highestNs;
  private long ahead; // ticks by which switches have put the stream ahead of time

  private int sequence;
  private int timestamp;
  private boolean marker;

  public RtpRewriter(int ssrc, RandomGenerator random) {
    this(ssrc, AudioCodec.OPUS.clockHz, random);
  }

  /**
   * @param clockHz of its timestamps
   */
  public RtpRewriter(int ssrc, int clockHz, RandomGenerator random) {
    this.ssrc = ssrc;
    this.clockHz = clockHz;
    // The first number, one more, is in the lower half, so that a loss at the start cannot confuse
    // the receiver's guess of the roll-over counter (RFC 3711 §3.3.1).
    this.highestOut = random.nextInt(1, HALF_OF_NUMBERS - 1);
    this.highestTimestamp = random.nextInt();
  }

  public int ssrc() {
    return ssrc;
  }

  /** The source whose packets are taken. Meaningless before the first {@link #switchTo}. */
  public int source() {
    return source;
  }

  /**
   * From now on this source is heard, or heard again after a pause that nobody should take for a
   * loss. Packets of any other are refused.
   */
  public void switchTo(int sourceSsrc) {
    source = sourceSsrc;
    based = false;
    seamless = false;
  }

  /**
   * As {@link #switchTo}, but the source goes on with the very sound that was sent last: its first
   * packet follows without a gap in time, unless it comes absurdly late.
   */
  public void continueWith(int sourceSsrc) {
    switchTo(sourceSsrc);
    seamless = true;
  }

  /**
   * Maps a packet; {@link #sequence}, {@link #timestamp} and {@link #marker} hold the result.
   *
   * @param ticks how long the packet plays
   * @return false when it must not be sent: of another source, from before the switch, sent
   *     already, too late
   */
  public boolean rewrite(int sourceSsrc, int seq, int ts, boolean mark, int ticks, long nowNs) {
    if (sourceSsrc != source) {
      return false;
    }
    if (!based) {
      return rebase(seq, ts, ticks, nowNs);
    }
    int delta = (short) (seq - highestSource);
    if (delta > 0) {
      boolean begunAnew = delta > MAX_GAP || clockJumped(ts, nowNs);
      return begunAnew
          ? rebase(seq, ts, ticks, nowNs)
          : advance(delta, seq, ts, mark, ticks, nowNs);
    }
    if (delta <= -WINDOW) {
      if (seq == suspect) {
        return rebase(seq, ts, ticks, nowNs); // two in a row: it has begun anew
      }
      suspect = (seq + 1) & 0xFFFF;
      return false;
    }
    return fillIn(delta, ts, mark);
  }

  /**
   * Makes place for a packet of our own behind the newest one; the source's next packet is taken as
   * after a switch.
   *
   * @param ticks how long it plays
   * @return false before the stream has begun: there is nothing to follow
   */
  public boolean append(int ticks, long nowNs) {
    if (!sent) {
      return false;
    }
    based = false;
    seen = seen << 1 | 1;
    highestOut++;
    highestTimestamp += (int) stepAcrossSwitch(nowNs);
    highestTicks = ticks;
    highestNs = nowNs;
    return put(highestOut, highestTimestamp, false);
  }

  /** 16 bits. */
  public int sequence() {
    return sequence;
  }

  public int timestamp() {
    return timestamp;
  }

  public boolean marker() {
    return marker;
  }

  /** Whether the stream has begun: {@link #timestampAt} means something. */
  public boolean sent() {
    return sent;
  }

  /** The stream's RTP time at an instant, for a sender report (RFC 3550 §6.4.1). */
  public int timestampAt(long nowNs) {
    return highestTimestamp + (int) RtpTime.ticks(nowNs - highestNs, clockHz);
  }

  private boolean rebase(int seq, int ts, int ticks, long nowNs) {
    int start = highestTimestamp + (sent ? (int) stepAcrossSwitch(nowNs) : 0);
    seamless = false;
    timestampOffset = start - ts;
    firstOut = highestOut + 1;
    based = true;
    return advance(1, seq, ts, true, ticks, nowNs);
  }

  /**
   * The time that passed since the packet before; at least what that one plays, for two packets
   * must not overlap. What that is too much is taken back at a later switch, else a stream of many
   * switches would run ahead of time, and be heard ever later.
   */
  private long stepAcrossSwitch(long nowNs) {
    long elapsed = RtpTime.ticks(nowNs - highestNs, clockHz);
    boolean goesOn = seamless && nowNs - highestNs < MAX_SEAMLESS_NS;
    long step = goesOn ? highestTicks : Math.max(elapsed - ahead, highestTicks);
    ahead = Math.max(0, ahead + step - elapsed);
    return step;
  }

  private boolean advance(int delta, int seq, int ts, boolean mark, int ticks, long nowNs) {
    seen = delta < WINDOW ? (seen << delta) | 1 : 1;
    highestOut += delta;
    highestSource = seq;
    highestTimestamp = ts + timestampOffset;
    highestTicks = ticks;
    highestNs = nowNs;
    suspect = -1;
    sent = true;
    return put(highestOut, highestTimestamp, mark);
  }

  /** A packet that others have overtaken. */
  private boolean fillIn(int delta, int ts, boolean mark) {
    long out = highestOut + delta;
    long bit = 1L << -delta;
    if (out < firstOut || (seen & bit) != 0) {
      return false; // its place belongs to the source before, or is taken
    }
    seen |= bit;
    return put(out, ts + timestampOffset, mark);
  }

  private boolean clockJumped(int ts, long nowNs) {
    int advance = ts + timestampOffset - highestTimestamp;
    long elapsed = RtpTime.ticks(nowNs - highestNs, clockHz);
    return advance <= 0 || advance > elapsed + (long) MAX_AHEAD_SECONDS * clockHz;
  }

  private boolean put(long out, int outTimestamp, boolean mark) {
    sequence = (int) out & 0xFFFF;
    timestamp = outTimestamp;
    marker = mark;
    return true;
  }
}
