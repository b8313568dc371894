package parley.relay.call;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OpusToc;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RedPayload;
import parley.relay.rtp.RtpPacket;
import parley.relay.rtp.RtpRewriter;
import parley.relay.rtp.SentPackets;
import parley.relay.srtp.PacketBuffer;

/**
 * One receiving section of a peer: a continuous stream that carries one speaker at a time, and
 * keeps him until somebody else needs the place.
 */
public final class Slot {

  /** 20 ms of silence in Opus: full band, mono, one frame that codes nothing (RFC 6716 §3.1). */
  private static final byte[] SILENCE = {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE};

  private static final int SILENCE_TICKS = OpusToc.CLOCK_HZ / 50;

  /** Stands for the mixer where sources have an SSRC. */
  private static final int MIX = 0;

  /** Stands for a notice, likewise. */
  private static final int NOTICE = 1;

  /** In 1/256: from 3 % of loss on, copies are worth their bytes. */
  private static final int WORTH_A_COPY = 8;

  /** Repeated packets hide losses from reports, so few of them still say that it is needed. */
  private static final long REPEATED_NS = 30_000_000_000L;

  private final AudioCodec codec;
  private final RtpRewriter rewriter;
  private OutgoingHeader header;
  private @Nullable RelayPeer source;
  private boolean active;
  private boolean announcing; // nobody is forwarded meanwhile
  private boolean fresh; // the next packet begins a source
  private boolean seamless; // … which goes on where the one before was
  private int mixSequence;
  private int red; // payload type; −1: the receiver knows no copies
  private @Nullable SentPackets sent; // when the receiver may ask again
  private byte[] copy = {};
  private int copyBytes;
  private int copySequence;
  private int copyTimestamp;
  private final int[] speaker = new int[1];
  private long releasedNs;
  private long packets;
  private long octets;
  private boolean sentSinceReport;
  private int remoteFractionLost;
  private int remoteCumulativeLost;
  private int remoteJitter;
  private long remoteRttNs = -1;
  private int remoteHighest;
  private long reportedNs;
  private boolean reported;
  private long acknowledgements;
  private boolean repeating;
  private long lossReportedNs;

  Slot(int ssrc, SdpSection section, RandomGenerator random) {
    codec = section.codec();
    rewriter = new RtpRewriter(ssrc, codec.clockHz, random);
    header = header(ssrc, section);
    repairs(section);
  }

  /** Another offer: the section may have other numbers now; the stream goes on. */
  void negotiate(SdpSection section) {
    header = header(ssrc(), section);
    repairs(section);
  }

  private void repairs(SdpSection section) {
    red = section.red();
    if (!section.nack()) {
      sent = null;
    } else if (sent == null) {
      sent = new SentPackets();
    }
  }

  private static OutgoingHeader header(int ssrc, SdpSection section) {
    return new OutgoingHeader(
        ssrc,
        section.payloadType(),
        section.level().idToClient(),
        section.midExtension().idToClient(),
        section.mid());
  }

  /** What the receiver understands in it. */
  AudioCodec codec() {
    return codec;
  }

  public int ssrc() {
    return rewriter.ssrc();
  }

  /** Whose voice is, or was last, in it. */
  public @Nullable RelayPeer source() {
    return source;
  }

  /** Whether the source is forwarded now. */
  public boolean active() {
    return active;
  }

  long releasedNs() {
    return releasedNs;
  }

  void take(RelayPeer taken) {
    source = taken;
    active = true;
    fresh = true;
    seamless = false;
  }

  /** As {@link #take}, after a mix in which the speaker was heard up to the packet before. */
  void takeBack(RelayPeer taken) {
    take(taken);
    seamless = true;
  }

  /** A mix is next. */
  void takeMix(boolean goesOn) {
    active = false;
    source = null;
    fresh = true;
    seamless = goesOn;
  }

  /** Forwards its source no longer; keeps the place for it. */
  void release(long nowNs) {
    active = false;
    releasedNs = nowNs;
  }

  /** The source has left the call. */
  void forget() {
    active = false;
    source = null;
  }

  /**
   * Finds the place of the source's packet in this stream.
   *
   * @param ticks how long it plays
   * @return false when it must not be sent: late, or twice
   */
  boolean accepts(RtpPacket packet, int ticks, long nowNs) {
    return accepts(
        packet.ssrc(), packet.sequence(), packet.timestamp(), packet.marker(), ticks, nowNs);
  }

  /** As above, for a packet that is kept in a history. */
  boolean accepts(int ssrc, int sequence, int timestamp, boolean marker, int ticks, long nowNs) {
    if (announcing) {
      return false;
    }
    if (fresh || rewriter.source() != ssrc) {
      begin(ssrc);
    }
    return rewriter.rewrite(ssrc, sequence, timestamp, marker, ticks, nowNs);
  }

  /**
   * Finds the place of a mix's next frame in this stream.
   *
   * @param number of the frame, by the mixer's clock
   */
  boolean acceptsMix(int number, boolean marker, long nowNs) {
    if (announcing) {
      return false;
    }
    if (fresh) {
      begin(MIX);
    }
    mixSequence = mixSequence + 1 & 0xFFFF;
    int ticks = codec.frameTicks();
    return rewriter.rewrite(MIX, mixSequence, number * ticks, marker, ticks, nowNs);
  }

  /** A notice is next; until it ends, all else that is for this slot is left out. */
  void beginNotice() {
    announcing = true;
    rewriter.switchTo(NOTICE);
  }

  /** Whoever has the slot is heard again. */
  void endNotice() {
    if (announcing) {
      announcing = false;
      fresh = true;
      seamless = false;
    }
  }

  /** Finds the place of a frame of the notice, which follow each other every 20 ms. */
  boolean acceptsNotice(int number, long nowNs) {
    int ticks = codec.frameTicks();
    return rewriter.rewrite(NOTICE, number + 1, number * ticks, number == 0, ticks, nowNs);
  }

  /** Writes the frame that was accepted last; it is nobody's voice. */
  void writeNotice(byte[] payload, PacketBuffer out) {
    write(payload, 0, payload.length, speaker, 0, AudioLevel.ABSENT, out);
  }

  /** Of the packet that was written last, 16 bits. */
  int sequence() {
    return rewriter.sequence();
  }

  private void begin(int ssrc) {
    if (seamless) {
      rewriter.continueWith(ssrc);
    } else {
      rewriter.switchTo(ssrc);
    }
    fresh = false;
    seamless = false;
  }

  /**
   * Writes the packet that was accepted last.
   *
   * @param level the audio level's byte, or absent
   */
  void write(RtpPacket packet, int csrc, int level, PacketBuffer out) {
    write(packet.data(), packet.payloadOffset(), packet.payloadLength(), csrc, level, out);
  }

  /** Writes any payload into the place that was found last. */
  void write(byte[] payload, int offset, int bytes, int csrc, int level, PacketBuffer out) {
    speaker[0] = csrc;
    write(payload, offset, bytes, speaker, 1, level, out);
  }

  /**
   * Finds the place of a frame of silence behind what was sent.
   *
   * @return false when nothing was sent yet
   */
  boolean acceptsSilence(long nowNs) {
    return !announcing && rewriter.append(SILENCE_TICKS, nowNs);
  }

  /** Writes the frame of silence that was accepted last. */
  void writeSilence(int csrc, PacketBuffer out) {
    write(SILENCE, 0, SILENCE.length, csrc, AudioLevel.SILENCE, out);
  }

  /** Writes a payload in which several are heard. */
  void write(
      byte[] payload,
      int payloadOffset,
      int payloadBytes,
      int[] csrcs,
      int csrcCount,
      int level,
      PacketBuffer out) {
    int headerBytes =
        header.write(
            out.data,
            0,
            rewriter.marker(),
            rewriter.sequence(),
            rewriter.timestamp(),
            csrcs,
            csrcCount,
            level);
    int written = writePayload(payload, payloadOffset, payloadBytes, headerBytes, out);
    out.offset = 0;
    out.length = headerBytes + written;
    packets++;
    octets += written;
    sentSinceReport = true;
    if (sent != null) {
      sent.put(rewriter.sequence(), out);
    }
  }

  /** With a copy of the payload before, for a receiver who loses packets. */
  private int writePayload(byte[] payload, int from, int bytes, int at, PacketBuffer out) {
    int written = bytes;
    if (red >= 0 && remoteFractionLost >= WORTH_A_COPY && hasCopy(bytes)) {
      int back = rewriter.timestamp() - copyTimestamp;
      int type = header.payloadType();
      out.data[1] = (byte) ((out.data[1] & 0x80) | red);
      written = RedPayload.write(out.data, at, type, copy, copyBytes, back, payload, from, bytes);
    } else {
      System.arraycopy(payload, from, out.data, at, bytes);
    }
    if (red >= 0) {
      keepCopy(payload, from, bytes);
    }
    return written;
  }

  private boolean hasCopy(int bytes) {
    int back = rewriter.timestamp() - copyTimestamp;
    return copyBytes > 0
        && (copySequence + 1 & 0xFFFF) == rewriter.sequence()
        && back > 0
        && back <= RedPayload.MAX_OFFSET_TICKS
        && copyBytes + bytes <= Uplink.MAX_PAYLOAD_BYTES;
  }

  private void keepCopy(byte[] payload, int from, int bytes) {
    copyBytes = bytes <= RedPayload.MAX_COPY_BYTES ? bytes : 0;
    if (copy.length < copyBytes) {
      copy = new byte[RedPayload.MAX_COPY_BYTES];
    }
    System.arraycopy(payload, from, copy, 0, copyBytes);
    copySequence = rewriter.sequence();
    copyTimestamp = rewriter.timestamp();
  }

  /** Whether the receiver may have that packet once more; {@link #writeAgain} follows. */
  boolean takeAgain(int sequence) {
    return sent != null && sent.take(sequence);
  }

  /**
   * Whether the packet before the one that was accepted last is to go out again: to a receiver who
   * loses packets and knows no copies in them. {@link #writeAgain} follows.
   */
  boolean repeats() {
    return repeating && red < 0 && takeAgain(before());
  }

  /** The number of the packet before the one that was accepted last. */
  int before() {
    return rewriter.sequence() - 1 & 0xFFFF;
  }

  /** The receiver misses some, so it has others. */
  void onNack() {
    acknowledgements++;
  }

  /** How often the receiver has shown that packets arrive. */
  long acknowledgements() {
    return acknowledgements;
  }

  /** Whether the receiver has reported about it at all. */
  boolean reported() {
    return reported;
  }

  /** When it did last. */
  long reportedNs() {
    return reportedNs;
  }

  /** The same bytes as the first time. */
  void writeAgain(int sequence, PacketBuffer out) {
    if (sent != null) {
      sent.copy(sequence, out);
    }
  }

  /** Whether anything was sent since this was last asked: whether a sender report is due. */
  boolean takeSentSinceReport() {
    boolean sent = sentSinceReport;
    sentSinceReport = false;
    return sent;
  }

  /** The stream's RTP time at an instant. */
  int timestampAt(long nowNs) {
    return rewriter.timestampAt(nowNs);
  }

  public long packets() {
    return packets;
  }

  /** Payload bytes. */
  public long octets() {
    return octets;
  }

  /** What the receiver reported about this stream (RFC 3550 §6.4.1). */
  void onReport(
      int fractionLost, int cumulativeLost, int highest, int jitter, long rttNs, long nowNs) {
    if (!reported || highest != remoteHighest) {
      acknowledgements++;
    }
    reported = true;
    reportedNs = nowNs;
    remoteHighest = highest;
    remoteFractionLost = fractionLost;
    if (fractionLost > 0) {
      lossReportedNs = nowNs;
    }
    repeating = fractionLost >= WORTH_A_COPY || (repeating && nowNs - lossReportedNs < REPEATED_NS);
    remoteCumulativeLost = cumulativeLost;
    remoteJitter = jitter;
    if (rttNs >= 0) {
      remoteRttNs = rttNs;
    }
  }

  /** In 1/256, of the receiver's last report. */
  public int remoteFractionLost() {
    return remoteFractionLost;
  }

  public int remoteCumulativeLost() {
    return remoteCumulativeLost;
  }

  /** The highest number of the receiver's last report, 16 bits and how often they began anew. */
  int remoteHighest() {
    return remoteHighest;
  }

  /** In ticks of 48 kHz. */
  public int remoteJitter() {
    return remoteJitter;
  }

  /** Round trip to the receiver; −1: not known yet. */
  public long remoteRttNs() {
    return remoteRttNs;
  }
}
