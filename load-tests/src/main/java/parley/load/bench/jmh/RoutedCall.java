package parley.load.bench.jmh;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayEvent;
import parley.relay.call.CallOutput;
import parley.relay.call.RelayCall;
import parley.relay.call.RelayPeer;
import parley.relay.call.SdpException;
import parley.relay.call.SdpOffer;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.srtp.PacketBuffer;

/** A call in virtual time in which two speak in turn; what it sends is counted. */
final class RoutedCall implements CallOutput {

  private static final int LEVEL = 20;
  private static final long FRAME_NS = 20_000_000L;
  private static final int PAYLOAD_BYTES = 100;

  private final RelayCall call =
      new RelayCall(
          new CallId("11111111-2222-3333-4444-555555555555"),
          new CallInfo("t", "g", "", Instant.EPOCH),
          3,
          this,
          new Random(1));
  private final PacketBuffer in = new PacketBuffer();
  private final PacketBuffer out = new PacketBuffer();
  private final List<RelayPeer> speakers = new ArrayList<>();
  private final List<OutgoingHeader> headers =
      List.of(new OutgoingHeader(7, 111, 1, 0, ""), new OutgoingHeader(8, 111, 1, 0, ""));
  private int packets;
  private long nowNs;
  private long sent;

  RoutedCall(int people) {
    for (int i = 0; i < people; i++) {
      PeerInfo info = new PeerInfo("d-%08d-0000-4000-8000-000000000000".formatted(i), "", "");
      RelayPeer peer = call.offer(new PeerId("p" + i), info, offer(), false, nowNs);
      call.connected(peer.id(), nowNs);
      if (i < headers.size()) {
        speakers.add(peer);
      }
    }
  }

  private static SdpOffer offer() {
    StringBuilder sdp =
        new StringBuilder("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n")
            .append("a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\n")
            .append("a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB\r\n");
    for (int mid = 0; mid < 2; mid++) {
      sdp.append("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:").append(mid);
      sdp.append(mid == 0 ? "\r\na=sendrecv" : "\r\na=recvonly");
      sdp.append("\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n");
      sdp.append("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n");
    }
    try {
      return SdpOffer.parse(sdp.toString());
    } catch (SdpException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One packet of one of the two; returns how many were sent in all. */
  long speak() {
    int frame = packets >> 1;
    int speaker = packets++ & 1;
    nowNs += FRAME_NS / 2;
    in.offset = 0;
    in.length =
        PAYLOAD_BYTES
            + headers.get(speaker).write(in.data, 0, false, frame & 0xFFFF, frame * 960, 0, LEVEL);
    in.data[in.length - PAYLOAD_BYTES] = (byte) 0xF8; // Opus, 20 ms
    call.onRtp(speakers.get(speaker), in, nowNs);
    return sent;
  }

  void tick() {
    nowNs += FRAME_NS;
    call.onTick(nowNs);
  }

  @Override
  public PacketBuffer acquire() {
    return out;
  }

  @Override
  public void sendRtp(RelayPeer to, PacketBuffer packet) {
    sent++;
  }

  @Override
  public void sendRtcp(RelayPeer to, PacketBuffer packet) {}

  @Override
  public void event(RelayEvent event) {}
}
