package parley.relay.call;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.AudioCodec;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OpusToc;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RtpPacket;
import parley.relay.rtp.RtpRewriter;
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

  private final AudioCodec codec;
  private final RtpRewriter rewriter;
  private OutgoingHeader header;
  private @Nullable RelayPeer source;
  private boolean active;
  private boolean fresh; // the next packet begins a source
  private boolean seamless; // … which goes on where the one before was
  private int mixSequence;
  private final int[] speaker = new int[1];
  private long releasedNs;
  private long packets;
  private long octets;
  private boolean sentSinceReport;
  private int remoteFractionLost;
  private int remoteCumulativeLost;
  private int remoteJitter;
  private long remoteRttNs = -1;

  Slot(int ssrc, SdpSection section, RandomGenerator random) {
    codec = section.codec();
    rewriter = new RtpRewriter(ssrc, codec.clockHz, random);
    header = header(ssrc, section);
  }

  /** Another offer: the section may have other numbers now; the stream goes on. */
  void negotiate(SdpSection section) {
    header = header(ssrc(), section);
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
    if (fresh) {
      begin(MIX);
    }
    mixSequence = mixSequence + 1 & 0xFFFF;
    int ticks = codec.frameTicks();
    return rewriter.rewrite(MIX, mixSequence, number * ticks, marker, ticks, nowNs);
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
    return rewriter.append(SILENCE_TICKS, nowNs);
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
    System.arraycopy(payload, payloadOffset, out.data, headerBytes, payloadBytes);
    out.offset = 0;
    out.length = headerBytes + payloadBytes;
    packets++;
    octets += payloadBytes;
    sentSinceReport = true;
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
  void onReport(int fractionLost, int cumulativeLost, int jitter, long rttNs) {
    remoteFractionLost = fractionLost;
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

  /** In ticks of 48 kHz. */
  public int remoteJitter() {
    return remoteJitter;
  }

  /** Round trip to the receiver; −1: not known yet. */
  public long remoteRttNs() {
    return remoteRttNs;
  }
}
