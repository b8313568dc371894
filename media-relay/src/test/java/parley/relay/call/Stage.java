package parley.relay.call;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayEvent;
import parley.relay.rtp.AudioLevel;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;

/** A call with nothing around it: virtual time, no network, everything that comes out kept. */
final class Stage implements CallOutput {

  static final long FRAME_NS = 20_000_000L;
  static final CallId CALL = new CallId("11111111-2222-3333-4444-555555555555");

  /** An RTP packet that a peer was sent, taken apart. */
  record Heard(
      PeerId to,
      int ssrc,
      int sequence,
      int timestamp,
      boolean marker,
      int payloadType,
      int csrc,
      byte[] bytes,
      String payload) {}

  record Reported(PeerId to, PacketBuffer packet) {}

  final RelayCall call;
  final List<Heard> heard = new ArrayList<>();
  final List<Reported> reports = new ArrayList<>();

  /** What goes to other relays, once for all of them. */
  final List<PacketBuffer> far = new ArrayList<>();

  final List<String> talking = new ArrayList<>();

  /** Who has got the floor, by contact. */
  final List<String> floor = new ArrayList<>();

  long nowNs = 3_000_000_000L;

  private final RtpPacket view = new RtpPacket();
  private final PacketBuffer uplink = new PacketBuffer();

  Stage(int loudest) {
    call =
        new RelayCall(
            CALL,
            new CallInfo("team", "g-1", "Group", Instant.EPOCH),
            loudest,
            this,
            new Random(42));
  }

  /** A contact of that letter joins from one device, and is connected. */
  RelayPeer join(String name, SdpOffer offer) {
    return join(name, name, offer);
  }

  RelayPeer join(String name, String contact, SdpOffer offer) {
    RelayPeer peer = call.offer(new PeerId(name), info(contact), offer, false, nowNs);
    call.connected(peer.id(), nowNs);
    return peer;
  }

  static PeerInfo info(String contact) {
    return new PeerInfo("d-" + contact.repeat(8) + "-0000-4000-8000-000000000000", contact, "");
  }

  /** One packet of 20 ms that says who and which it is. */
  void say(RelayPeer from, int ssrc, int frame, int level) {
    say(from, ssrc, frame, 111, level, from.id() + "#" + frame + " ".repeat(60));
  }

  void say(RelayPeer from, int ssrc, int frame, int payloadType, int level, String words) {
    byte[] payload = ("\u0008" + words).getBytes(StandardCharsets.US_ASCII);
    int id = level == AudioLevel.ABSENT ? 0 : 1;
    var header = new OutgoingHeader(ssrc, payloadType, id, 0, "");
    int length = header.write(uplink.data, 0, false, frame & 0xFFFF, frame * 960, 0xC0FFEE, level);
    System.arraycopy(payload, 0, uplink.data, length, payload.length);
    uplink.offset = 0;
    uplink.length = length + payload.length;
    call.onRtp(from, uplink, nowNs);
  }

  /** Time for so many frames passes, in ticks. */
  void pass(int frames) {
    for (int i = 0; i < frames; i++) {
      nowNs += FRAME_NS;
      call.onTick(nowNs);
    }
  }

  /** Who heard what since this was last asked, {@code "b<a#1"}; in the order of sending. */
  List<String> takeHeard() {
    List<String> all = heard.stream().map(packet -> packet.to() + "<" + packet.payload()).toList();
    heard.clear();
    return all;
  }

  List<String> takeTalking() {
    List<String> all = List.copyOf(talking);
    talking.clear();
    return all;
  }

  @Override
  public PacketBuffer acquire() {
    return new PacketBuffer();
  }

  @Override
  public void sendRtp(RelayPeer to, PacketBuffer packet) {
    if (!view.wrap(packet)) {
      throw new AssertionError("the relay sent no RTP");
    }
    byte[] payload =
        Arrays.copyOfRange(
            view.data(), view.payloadOffset(), view.payloadOffset() + view.payloadLength());
    heard.add(
        new Heard(
            to.id(),
            view.ssrc(),
            view.sequence(),
            view.timestamp(),
            view.marker(),
            view.payloadType(),
            view.csrc(0),
            packet.toBytes(),
            words(payload)));
  }

  /** What was said behind the Opus byte; the relay's own frames are silence. */
  private static String words(byte[] payload) {
    return Arrays.equals(payload, new byte[] {(byte) 0xF8, (byte) 0xFF, (byte) 0xFE})
        ? "silence"
        : new String(payload, 1, payload.length - 1, StandardCharsets.US_ASCII).strip();
  }

  @Override
  public void sendRtcp(RelayPeer to, PacketBuffer packet) {
    reports.add(new Reported(to.id(), packet));
  }

  @Override
  public void sendFar(PacketBuffer frame) {
    far.add(frame);
  }

  @Override
  public void event(RelayEvent event) {
    if (event instanceof RelayEvent.Talking(var id, var peer, var on) && id.equals(CALL)) {
      talking.add(peer + (on ? "+" : "-"));
    } else if (event instanceof RelayEvent.Dominant(var id, var contact) && id.equals(CALL)) {
      floor.add(contact);
    } else {
      throw new AssertionError("not this call's to tell: " + event);
    }
  }
}
