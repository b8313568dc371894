package parley.relay.recording;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts one participant's packets where they belong in time, and fills what is between them, so that
 * every track of a call starts at the same instant and runs at the same speed.
 *
 * <p>Inputs: packets, sender reports, mutes, restarts, ticks, the end; each with the monotonic time
 * at which it happened. Output: an unbroken sequence of Opus packets. No file, clock or thread in
 * here; owned by the recorder's thread. Positions are samples at 48 kHz from the recording's start.
 */
final class TrackTimeline {

  /** 200 ms: how long a missing packet is waited for. */
  static final long REORDER = 9_600;

  /** 500 ms: of 25 packets one has hardly any delay of its own, whatever the jitter. */
  private static final long MEASURING = 24_000;

  /**
   * 500 ms: silence is written no nearer to the present than this, so that a packet may come late
   * by as much, and a track is never shorter than the call by a second.
   */
  static final long HOLD_BACK = 24_000;

  /** 240 ms: filling in smaller bites would make as many pages. */
  private static final long FILL_BITE = 11_520;

  private static final int FRAME = 960;

  /** 200 ms at 2.5 ms a packet, and as much again: more is no reordering but a flood. */
  private static final int MAX_HELD = 160;

  /** 500 ms without packets: the sender's clock may have stood still meanwhile. */
  private static final long PAUSE = 24_000;

  /** 60 ms: what a pause may seem to shift the clock by, from jitter alone. */
  private static final double PAUSE_SHIFT = 2_880;

  /** Packets that must agree before they replace the stream that was there. */
  private static final int PROOF = 4;

  /** 100 ms: the most by which a sender report is believed to correct a new stream. */
  private static final double MAX_REPORT_SHIFT = 4_800;

  private static final long MAX_REPORT_AGE = 480_000;

  /** 1 s: nothing was said after it arrived; no sender may have us write the future. */
  private static final long MAX_AHEAD = 48_000;

  private final long startNs;
  private final TrackOutput output;
  private final Filler filler;
  private final GapLedger gaps;
  private final TrackCounters counters;
  private final List<Candidate> candidates = new ArrayList<>();
  private @Nullable IncomingStream stream;
  private long cursor;
  private long audioEnd;
  private long rtpEnd = Long.MIN_VALUE;
  private int lastToc = -1;
  private long lastArrival;
  private boolean restartExpected;
  private boolean talking;
  private boolean ended;
  private long missing;
  private long overflowed;
  private boolean malformed;
  private boolean restarted;
  private boolean hole; // silence has been written, and its end and cause are not known yet
  private long senderOffset;
  private @Nullable IncomingStream senderOffsetOf;

  private record Candidate(int sequence, int rtp, byte[] payload, int samples, long arrival) {}

  /**
   * @param startNs when the recording began
   * @param joined when the participant joined, a position
   */
  TrackTimeline(
      long startNs, long joined, TrackOutput output, GapLedger gaps, TrackCounters counters) {
    this.startNs = startNs;
    this.output = output;
    this.filler = new Filler(output);
    this.gaps = gaps;
    this.counters = counters;
    this.audioEnd = joined;
  }

  /** The place of an instant on the time line. */
  long position(long nowNs) {
    return (nowNs - startNs) * 48 / 1_000_000;
  }

  /** How much of the track is written. */
  long cursor() {
    return cursor;
  }

  /**
   * One packet as it arrived; hostile.
   *
   * @param lostHere packets of this participant that did not fit into the ring before this one
   */
  void onPacket(
      int sequence, int rtp, byte[] data, int offset, int length, int lostHere, long nowNs)
      throws IOException {
    if (ended) {
      return;
    }
    long arrival = position(nowNs);
    overflowed += lostHere;
    counters.overflowed += lostHere;
    int samples = length == 0 ? 0 : OpusPacket.samples(data, offset, length);
    byte[] payload = samples > 0 ? Arrays.copyOfRange(data, offset, offset + length) : NONE;
    if (samples < 0) {
      counters.malformed++;
      samples = 0;
      malformed = true;
    }
    Candidate packet = new Candidate(sequence, rtp, payload, samples, arrival);
    if (stream != null && stream.fits(sequence, rtp, samples, arrival)) {
      counters.strays += candidates.size();
      candidates.clear();
      accept(stream, packet);
    } else {
      consider(packet);
    }
    release(arrival, false);
  }

  /** An RTCP sender report (RFC 3550 §6.4.1): the sender's own clock outlives its streams. */
  void onSenderReport(long ntp, int rtp, long nowNs) {
    IncomingStream s = stream;
    if (s == null || !s.clock.anchored()) {
      return;
    }
    long arrival = position(nowNs);
    long extended = s.extendRtp(rtp);
    if (Math.abs(s.clock.position(extended) - arrival) > MAX_REPORT_AGE) {
      return;
    }
    long sender = (ntp >>> 32) * 48_000 + (((ntp & 0xffff_ffffL) * 48_000) >>> 32);
    if (senderOffsetOf != null && senderOffsetOf != s && !s.clock.settled(arrival)) {
      double offset = sender + senderOffset - extended;
      if (Math.abs(offset - s.clock.offset()) <= MAX_REPORT_SHIFT) {
        s.clock.adopt(offset, arrival);
      }
      senderOffsetOf = s;
    } else if (s.clock.settled(arrival)) {
      senderOffset = s.clock.position(extended) - sender;
      senderOffsetOf = s;
    }
  }

  void onMuted(boolean muted, long nowNs) throws IOException {
    long at = position(nowNs);
    gaps.muted(muted, at);
    if (muted) {
      release(at, true);
    } else {
      restartExpected = true; // some clients stop their RTP clock while muted
    }
  }

  /** Nothing comes meanwhile; what came before is put down. */
  void onMasked(boolean masked, String why, long nowNs) throws IOException {
    long at = position(nowNs);
    gaps.masked(masked, at, why);
    if (masked) {
      release(at, true);
    }
  }

  void onTalking(boolean nowTalking) {
    talking = nowTalking;
  }

  /** The participant offered again: what comes next may be another stream. */
  void onRestarted() {
    restartExpected = true;
  }

  /** Time passes: what waited long enough is written, silence follows the present. */
  void onTick(long nowNs) throws IOException {
    long now = position(nowNs);
    release(now, false);
    long horizon = now - HOLD_BACK;
    IncomingStream s = stream;
    if (s != null && !s.held.isEmpty()) {
      horizon = Math.min(horizon, earliestHeld(s));
    }
    if (horizon - cursor >= FILL_BITE) {
      if (!hole) {
        hole = true;
        gaps.hole(audioEnd);
      }
      cursor += filler.silence((horizon - cursor) / FRAME * FRAME);
    }
  }

  /** The participant has gone: nothing more of it is written, only silence. */
  void onLeft(long nowNs) throws IOException {
    if (ended) {
      return;
    }
    long now = position(nowNs);
    release(now, true);
    closeHole(Math.max(now, cursor));
    ended = true;
    stream = null;
  }

  /** Fills the track up to the end of the recording; returns how long it is to play. */
  long onEnd(long nowNs) throws IOException {
    onLeft(nowNs);
    long end = position(nowNs);
    if (end > cursor) {
      cursor += filler.silence(end - cursor);
    }
    return end;
  }

  private static final byte[] NONE = new byte[0];

  private long earliestHeld(IncomingStream s) {
    long rtp = s.held.firstEntry().getValue().rtp();
    return s.clock.anchored() ? s.clock.position(rtp) : rtp + s.smallestTransit;
  }

  /** Not of the stream we know: the first of another, or garbage. */
  private void consider(Candidate packet) throws IOException {
    if (!candidates.isEmpty() && !follows(candidates.getLast(), packet)) {
      counters.strays += candidates.size();
      candidates.clear();
    }
    candidates.add(packet);
    if (stream != null && !restartExpected && candidates.size() < PROOF) {
      return;
    }
    release(packet.arrival(), true);
    restarted = stream != null;
    restartExpected = false;
    Candidate first = candidates.getFirst();
    IncomingStream s =
        new IncomingStream(first.sequence(), first.rtp(), packet.arrival() + MEASURING);
    stream = s;
    rtpEnd = Long.MIN_VALUE;
    for (Candidate candidate : candidates) {
      accept(s, candidate);
    }
    candidates.clear();
  }

  private static boolean follows(Candidate before, Candidate packet) {
    int step = (short) (packet.sequence() - before.sequence());
    long elapsed = packet.arrival() - before.arrival();
    int played = packet.rtp() - before.rtp();
    return step > 0 && step <= 20 && Math.abs(elapsed - played) < 48_000;
  }

  private void accept(IncomingStream s, Candidate packet) throws IOException {
    long sequence = s.extendSequence(packet.sequence());
    if (!s.firstTime(sequence)) {
      counters.duplicates++;
      return;
    }
    counters.packets++;
    long rtp = s.extendRtp(packet.rtp());
    if (s.next >= 0 && sequence < s.next) {
      counters.late++; // its absence has been counted already
      return;
    }
    measure(s, packet, rtp);
    s.advance(rtp);
    if (s.held.size() >= MAX_HELD) {
      releaseFirst(s);
    }
    s.held.put(
        sequence,
        new IncomingStream.Held(
            sequence, rtp, packet.payload(), packet.samples(), packet.arrival()));
  }

  private void measure(IncomingStream s, Candidate packet, long rtp) {
    boolean paused = packet.arrival() - lastArrival > PAUSE || restartExpected;
    if (paused && s.clock.anchored()) {
      measureAnew(s, packet.arrival());
    }
    restartExpected = false;
    lastArrival = packet.arrival();
    if (packet.samples() == 0) {
      return; // nobody knows when it was captured
    }
    long transit = packet.arrival() - packet.samples() - rtp;
    if (s.measuringUntil >= 0) {
      s.smallestTransit = Math.min(s.smallestTransit, transit);
    } else {
      s.clock.onPacket(transit, packet.arrival());
    }
  }

  /** What comes from now on is held until the stream's offset has been measured once more. */
  private static void measureAnew(IncomingStream s, long now) {
    if (s.measuringUntil < 0) {
      s.measuringUntil = now + MEASURING;
      s.smallestTransit = Long.MAX_VALUE;
    }
  }

  /** Writes what is due. */
  private void release(long now, boolean all) throws IOException {
    IncomingStream s = stream;
    if (s == null) {
      return;
    }
    if (s.measuringUntil >= 0) {
      if (!all && now < s.measuringUntil) {
        return;
      }
      measured(s, now);
    }
    Map.Entry<Long, IncomingStream.Held> head;
    while ((head = s.held.firstEntry()) != null) {
      boolean due = s.next < 0 || head.getKey() == s.next;
      if (!all && !due && now - head.getValue().arrival() < REORDER) {
        return;
      }
      releaseFirst(s);
      if (!all && s.measuringUntil >= 0) {
        return;
      }
    }
  }

  private void measured(IncomingStream s, long now) {
    if (s.smallestTransit == Long.MAX_VALUE) {
      s.measuringUntil = now + MEASURING; // no audio yet to measure by
      return;
    }
    s.measuringUntil = -1;
    boolean moved = Math.abs(s.smallestTransit - s.clock.offset()) > PAUSE_SHIFT;
    if (!s.clock.anchored() || moved) {
      s.clock.restart(s.smallestTransit, now);
    }
  }

  private void releaseFirst(IncomingStream s) throws IOException {
    Map.Entry<Long, IncomingStream.Held> first = s.held.pollFirstEntry();
    if (first == null) {
      return;
    }
    if (s.next >= 0) {
      missing += first.getKey() - s.next;
    }
    s.next = first.getKey() + 1;
    IncomingStream.Held packet = first.getValue();
    if (packet.samples() > 0) {
      if (!s.clock.anchored()) {
        measured(s, packet.arrival());
      }
      place(s, packet);
    }
  }

  private void place(IncomingStream s, IncomingStream.Held packet) throws IOException {
    long ahead = s.clock.position(packet.rtp()) - cursor;
    boolean contiguous = packet.rtp() == rtpEnd && missing == 0;
    if (cursor + ahead > packet.arrival() + MAX_AHEAD) {
      counters.strays++;
      missing++;
      return;
    }
    rtpEnd = packet.rtp() + packet.samples();
    if (-ahead >= removalLimit()) {
      leaveOut(s, packet, ahead);
      return;
    }
    if (!contiguous) {
      fillHole(ahead);
      closeHole(cursor);
    } else if (ahead >= insertionLimit()) {
      long filled = conceal(nearest(ahead, Filler.shortestFrame(lastToc)));
      counters.inserted += filled;
    }
    lastToc = packet.payload()[0] & 0xff;
    output.packet(packet.payload(), 0, packet.payload().length, packet.samples());
    cursor += packet.samples();
    audioEnd = cursor;
    if (hole) {
      hole = false;
      gaps.filled();
    }
  }

  /** 8 ms while someone speaks; in silence nobody hears a correction, so it may come sooner. */
  private long removalLimit() {
    return talking ? 384 : 288;
  }

  private long insertionLimit() {
    return talking ? 384 : 240;
  }

  private void leaveOut(IncomingStream s, IncomingStream.Held packet, long ahead) {
    if (ahead + packet.samples() <= 0) {
      counters.late++; // its whole place is taken
      missing++;
      // By silence, because it came later than silence waits. Either the network held it back, and
      // those behind it will be in time again; or the sender's clock stood still meanwhile, and all
      // of them would be as late: then they belong where they come.
      if (packet.arrival() - s.clock.position(packet.rtp()) > HOLD_BACK) {
        measureAnew(s, packet.arrival());
      }
    } else {
      counters.removed += packet.samples();
    }
  }

  private void fillHole(long ahead) throws IOException {
    long left = ahead;
    boolean fresh = cursor == audioEnd;
    if (missing > 0 && fresh && lastToc >= 0 && left > 0) {
      int shortest = Filler.shortestFrame(lastToc);
      boolean bridged = left <= Filler.MAX_CONCEALED;
      left -= conceal(bridged ? nearest(left, shortest) : Filler.MAX_CONCEALED);
      if (bridged) {
        return;
      }
    }
    if (left > 0) {
      cursor += filler.silence(nearest(left, Filler.STEP));
    }
  }

  private long conceal(long samples) throws IOException {
    long filled = lastToc < 0 ? filler.silence(samples) : filler.conceal(samples, lastToc);
    cursor += filled;
    return filled;
  }

  private static long nearest(long samples, int step) {
    return (samples + step / 2) / step * step;
  }

  private void closeHole(long to) {
    counters.lost += Math.max(0, missing - overflowed);
    if (to - audioEnd >= Filler.STEP) {
      gaps.missing(audioEnd, to, cause());
    }
    missing = 0;
    overflowed = 0;
    malformed = false;
    restarted = false;
  }

  private Gap.Why cause() {
    if (overflowed > 0) {
      return Gap.Why.OVERFLOW;
    }
    if (restarted) {
      return Gap.Why.RESTART;
    }
    if (missing > 0) {
      return Gap.Why.LOSS;
    }
    return malformed ? Gap.Why.MALFORMED : Gap.Why.SILENCE;
  }
}
