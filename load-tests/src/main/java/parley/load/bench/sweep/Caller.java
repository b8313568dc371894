package parley.load.bench.sweep;

import java.util.TreeMap;
import java.util.function.Consumer;
import parley.relay.rtp.MissingPackets;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RedPayload;
import parley.relay.rtp.Rtcp;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtcpWriter;
import parley.relay.rtp.RtpPacket;
import parley.relay.rtp.StreamStats;
import parley.relay.srtp.PacketBuffer;

/**
 * A client in virtual time: says a frame every 20 ms, hears the other's, answers and sends NACKs,
 * reports loss. Plain RTP; its network is somebody else's.
 */
final class Caller {

  static final int OPUS = 111;
  static final int RED = 63;
  private static final int FRAME_TICKS = 960;
  private static final int FRAME_BYTES = 80;

  /** 20 ms of narrow-band SILK, mono, one frame (RFC 6716 §3.1). */
  private static final int TOC = 0x08;

  /** −30 dBov: somebody talks. */
  private static final int LEVEL = 30;

  private final Protection protection;
  private final int ssrc;
  private final Consumer<PacketBuffer> sendRtp;
  private final Consumer<PacketBuffer> sendRtcp;
  private final TreeMap<Integer, byte[]> sent = new TreeMap<>();
  private final RtpPacket rtp = new RtpPacket();
  private final RedPayload red = new RedPayload();
  private final RtcpReader rtcp = new RtcpReader();
  private final StreamStats stats = new StreamStats(48_000);
  private final MissingPackets missing = new MissingPackets();
  private final long[] sentNs;
  final Playout playout;

  private int frame;
  private int heardSsrc;
  private boolean hears;

  /** When each of the other's frames was sent. */
  private long[] othersNs = {};

  Caller(
      Protection protection,
      int ssrc,
      int frames,
      Consumer<PacketBuffer> sendRtp,
      Consumer<PacketBuffer> sendRtcp) {
    this.protection = protection;
    this.ssrc = ssrc;
    this.sendRtp = sendRtp;
    this.sendRtcp = sendRtcp;
    this.sentNs = new long[frames];
    this.playout = new Playout(frames);
  }

  void hears(Caller other) {
    othersNs = other.sentNs;
  }

  /** The next 20 ms. */
  void speak(long nowNs) {
    if (frame == sentNs.length) {
      return;
    }
    sentNs[frame] = nowNs;
    PacketBuffer packet = new PacketBuffer();
    int type = protection.red ? RED : OPUS;
    var header = new OutgoingHeader(ssrc, type, 1, 0, "");
    int at =
        header.write(packet.data, 0, frame == 0, frame & 0xFFFF, frame * FRAME_TICKS, 0, LEVEL);
    byte[] own = payload(frame);
    if (protection.red) {
      byte[] before = payload(Math.max(0, frame - 1));
      packet.length =
          at
              + RedPayload.write(
                  packet.data, at, OPUS, before, before.length, FRAME_TICKS, own, 0, own.length);
    } else {
      System.arraycopy(own, 0, packet.data, at, own.length);
      packet.length = at + own.length;
    }
    if (protection.nack) {
      sent.put(frame & 0xFFFF, packet.toBytes());
      if (sent.size() > 64) {
        sent.pollFirstEntry();
      }
    }
    frame++;
    sendRtp.accept(packet);
  }

  private static byte[] payload(int frame) {
    byte[] payload = new byte[FRAME_BYTES];
    payload[0] = TOC;
    for (int i = 0; i < 4; i++) {
      payload[1 + i] = (byte) (frame >> (8 * i));
    }
    return payload;
  }

  private static int frameOf(byte[] data, int at) {
    int frame = 0;
    for (int i = 0; i < 4; i++) {
      frame |= (data[at + 1 + i] & 0xFF) << (8 * i);
    }
    return frame;
  }

  void onRtp(byte[] packet, long nowNs) {
    if (!rtp.wrap(packet, 0, packet.length)) {
      throw new IllegalStateException("the relay sent no RTP");
    }
    if (!hears || rtp.ssrc() != heardSsrc) {
      hears = true;
      heardSsrc = rtp.ssrc();
      stats.reset();
      missing.reset();
    }
    stats.on(rtp.sequence(), rtp.timestamp(), nowNs);
    missing.on(rtp.sequence(), nowNs);
    int at = rtp.payloadOffset();
    if (rtp.payloadType() == OPUS) {
      onFrame(packet, at, rtp.payloadLength(), nowNs);
      return;
    }
    if (!red.wrap(packet, at, rtp.payloadLength(), OPUS)) {
      throw new IllegalStateException("the relay sent no RED");
    }
    for (int i = 0; i <= red.copies(); i++) {
      onFrame(packet, red.offset(i), red.length(i), nowNs);
    }
  }

  private void onFrame(byte[] data, int at, int length, long nowNs) {
    if (length != FRAME_BYTES) {
      return; // silence of the relay's own
    }
    int heard = frameOf(data, at);
    playout.onFrame(heard, othersNs[heard], nowNs);
    if (protection.fec) {
      playout.onCopy(heard - 1);
    }
  }

  void onRtcp(byte[] packet) {
    rtcp.wrap(new PacketBuffer().set(packet, 0, packet.length));
    while (rtcp.next()) {
      if (rtcp.type() != Rtcp.TRANSPORT_FEEDBACK) {
        continue;
      }
      for (int i = 0; i < rtcp.nacks(); i++) {
        again(rtcp.nackFirst(i));
        for (int bit = 0; bit < 16; bit++) {
          if ((rtcp.nackFollowing(i) >> bit & 1) != 0) {
            again(rtcp.nackFirst(i) + 1 + bit & 0xFFFF);
          }
        }
      }
    }
  }

  private void again(int sequence) {
    byte[] packet = sent.get(sequence);
    if (packet != null) {
      sendRtp.accept(new PacketBuffer().set(packet, 0, packet.length));
    }
  }

  /** Every few ms: asks for what is missing, plays what is due. */
  void onTick(long nowNs) {
    playout.play(nowNs);
    if (protection.nack && hears && missing.poll(nowNs)) {
      PacketBuffer nack = new PacketBuffer();
      var _ =
          new RtcpWriter(nack)
              .receiverReport(ssrc)
              .nack(ssrc, heardSsrc, missing.first(), missing.following());
      sendRtcp.accept(nack);
    }
  }

  /** Every second. */
  void report() {
    if (hears) {
      PacketBuffer report = new PacketBuffer();
      var _ =
          new RtcpWriter(report)
              .receiverReport(ssrc)
              .block(
                  heardSsrc,
                  stats.takeFractionLost(),
                  stats.cumulativeLost(),
                  stats.extendedHighest(),
                  stats.jitter(),
                  0,
                  0);
      sendRtcp.accept(report);
    }
  }
}
