package parley.load.bench.sweep;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import parley.load.impair.Fate;
import parley.load.impair.Impairment;
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
import parley.relay.client.BindingRequest;
import parley.relay.ice.CandidatePair;
import parley.relay.ice.IceCredentials;
import parley.relay.ice.IceLite;
import parley.relay.quality.EModel;
import parley.relay.srtp.PacketBuffer;
import parley.relay.stun.Ice4jStunCodec;
import parley.relay.stun.StunCodec;
import parley.relay.stun.StunMessage;

/**
 * Two people talk for a minute through the relay's own call and ICE agent, in virtual time and
 * without sockets or encryption; both networks are bad in the same way, the dice are the seed's.
 */
final class SimulatedCall implements CallOutput {

  private static final int FRAMES = 60 * 50;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long FRAME_NS = 20_000_000L;

  /** Of receivers: finer than a frame. */
  private static final long TICK_NS = 5_000_000L;

  /** RFC 7675 §5.1: a check so often, on average. */
  private static final long CONSENT_NS = 5 * SECOND_NS;

  private static final InetSocketAddress RELAY = InetSocketAddress.createUnresolved("relay", 1);
  private static final String FINGERPRINT = "sha-256 " + "AB:".repeat(31) + "AB";

  /** One client: what is on its side, and what the relay has of it. */
  private final class Side {
    final Caller caller;
    final RelayPeer peer;
    final IceLite ice;
    final IceCredentials relays;
    final Fate up;
    final Fate down;
    InetSocketAddress address;
    int bindings;
    int newest = -1;

    Side(String name, int ssrc, Protection protection, Random random) {
      address = InetSocketAddress.createUnresolved(name, 1);
      caller =
          new Caller(
              protection,
              ssrc,
              FRAMES,
              packet -> send(packet.toBytes(), this::onRtp),
              packet -> send(packet.toBytes(), this::onRtcp));
      relays = new IceCredentials("ufrag" + name, "password-password-passw" + name);
      IceCredentials own = new IceCredentials("abcd", "abcdefghijklmnopqrstuvwx");
      ice = new IceLite(stun, relays, own, Duration.ofSeconds(30), 0);
      up = new Fate(new Random(random.nextLong()));
      down = new Fate(new Random(random.nextLong()));
      PeerInfo info = new PeerInfo(contact(ssrc), name, "simulated");
      peer = call.offer(new PeerId(name), info, offer(protection), false, 0);
      sides.put(name, this);
    }

    /** A datagram of its client is on its way; it shows the address that it left from. */
    void send(byte[] data, Receiver receiver) {
      InetSocketAddress from = address;
      travel(up, () -> receiver.receive(data, from));
    }

    private void onRtp(byte[] data, InetSocketAddress from) {
      int sequence = (data[2] & 0xFF) << 8 | (data[3] & 0xFF);
      CandidatePair pair = new CandidatePair(RELAY, from);
      boolean isNewest = newest < 0 || (short) (sequence - newest) > 0;
      if (isNewest) {
        newest = sequence;
        if (!pair.equals(ice.selected())) {
          ice.onMedia(pair); // as a leg does with media that is genuine
        }
      }
      call.onRtp(peer, new PacketBuffer().set(data, 0, data.length), time.nowNs());
    }

    private void onRtcp(byte[] data, InetSocketAddress from) {
      call.onRtcp(peer, new PacketBuffer().set(data, 0, data.length), time.nowNs());
    }

    void check() {
      String user = relays.ufrag() + ":abcd";
      send(
          new BindingRequest(new byte[12], user, relays.pwd(), true, 1).encode(),
          (data, from) -> {
            StunMessage message = stun.tryParse(data, 0, data.length);
            if (message != null) {
              boolean _ = ice.onRequest(message, new CandidatePair(RELAY, from), time.nowNs());
              while (ice.pollTransmit() != null) {
                // the answer tells the client nothing that matters here
              }
            }
          });
    }

    void rebind() {
      address = InetSocketAddress.createUnresolved(peer.id().value(), 2 + bindings++);
    }

    /** The relay sends to it: lost when its NAT does not know the address any more. */
    void receive(PacketBuffer packet, Consumer<byte[]> receiver) {
      CandidatePair selected = ice.selected();
      if (selected == null) {
        return;
      }
      byte[] data = packet.toBytes();
      travel(
          down,
          () -> {
            if (selected.remote().equals(address)) {
              receiver.accept(data);
            }
          });
    }
  }

  /** Who gets a datagram, and whom it is from. */
  private interface Receiver {
    void receive(byte[] data, InetSocketAddress from);
  }

  private final VirtualTime time = new VirtualTime();
  private final StunCodec stun = new Ice4jStunCodec();
  private final Map<String, Side> sides = new HashMap<>();
  private final RelayCall call;
  private final Weather weather;
  private Impairment impairment;

  private SimulatedCall(Weather weather, long seed) {
    this.weather = weather;
    this.impairment = weather.steady();
    CallInfo info = new CallInfo("team", "g-" + new UUID(0, seed), "Sweep", Instant.EPOCH);
    CallId id = new CallId(new UUID(1, seed).toString());
    this.call = new RelayCall(id, info, 3, this, new Random(seed));
  }

  /** What both heard, on average. */
  static Heard of(Weather weather, Protection protection, long seed) {
    return new SimulatedCall(weather, seed).run(protection, new Random(seed));
  }

  private Heard run(Protection protection, Random random) {
    Side first = new Side("a", 11, protection, random);
    Side second = new Side("b", 22, protection, random);
    first.caller.hears(second.caller);
    second.caller.hears(first.caller);
    impairment = Impairment.NONE; // it begins on a good day
    for (Side side : List.of(first, second)) {
      side.check();
    }
    time.run(FRAME_NS);
    impairment = weather.steady();
    long phase = 0;
    for (Side side : List.of(first, second)) {
      call.connected(side.peer.id(), time.nowNs());
      time.every(FRAME_NS + phase, FRAME_NS, () -> side.caller.speak(time.nowNs()));
      time.every(FRAME_NS, TICK_NS, () -> side.caller.onTick(time.nowNs()));
      time.every(SECOND_NS, SECOND_NS, side.caller::report);
      time.every(CONSENT_NS + phase, CONSENT_NS, side::check);
      phase += FRAME_NS / 2;
    }
    time.every(FRAME_NS, FRAME_NS, () -> call.onTick(time.nowNs()));
    happenings(first);
    time.run((long) FRAMES * FRAME_NS + SECOND_NS);
    return average(score(first), score(second));
  }

  private void happenings(Side moving) {
    long lengthNs = (long) FRAMES * FRAME_NS;
    if (!weather.blackout().isZero()) {
      time.at(lengthNs / 2, () -> impairment = Impairment.BLACKOUT);
      time.at(lengthNs / 2 + weather.blackout().toNanos(), () -> impairment = weather.steady());
    }
    for (int i = 1; i <= weather.rebindings(); i++) {
      // Right behind a check: the next one is five seconds away.
      time.at(
          i * lengthNs / (weather.rebindings() + 1) / CONSENT_NS * CONSENT_NS + FRAME_NS / 4,
          moving::rebind);
    }
  }

  private void travel(Fate fate, Runnable arrival) {
    fate.next(impairment, time.nowNs());
    if (!fate.lost()) {
      time.at(fate.dueNs(), arrival);
      if (fate.twice()) {
        time.at(fate.copyDueNs(), arrival);
      }
    }
  }

  private Heard score(Side side) {
    Playout playout = side.caller.playout;
    double networkMs = 2 * weather.steady().delay().toNanos() / 1e6;
    // The E-model's own estimate of a buffer is twice the jitter; here the buffer is known.
    double mos = EModel.mos(2 * networkMs, playout.delayMs() / 2, 100 * playout.concealedShare());
    return new Heard(
        playout.heardShare(),
        playout.concealedShare(),
        playout.delayMs(),
        playout.longestGapMs(),
        mos);
  }

  private static Heard average(Heard a, Heard b) {
    return new Heard(
        (a.heard() + b.heard()) / 2,
        (a.concealed() + b.concealed()) / 2,
        (a.delayMs() + b.delayMs()) / 2,
        Math.max(a.longestGapMs(), b.longestGapMs()),
        (a.mos() + b.mos()) / 2);
  }

  private static SdpOffer offer(Protection protection) {
    String red = protection.red ? " " + Caller.RED : "";
    StringBuilder sdp = new StringBuilder();
    sdp.append("v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\n");
    sdp.append("m=audio 9 UDP/TLS/RTP/SAVPF 111").append(red).append('\n');
    sdp.append("a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuvwx\na=setup:actpass\n");
    sdp.append("a=fingerprint:").append(FINGERPRINT).append("\na=mid:0\na=sendrecv\n");
    sdp.append("a=rtcp-mux\na=rtpmap:111 opus/48000/2\n");
    sdp.append("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n");
    if (protection.red) {
      sdp.append("a=rtpmap:63 red/48000/2\na=fmtp:63 111/111\n");
    }
    if (protection.nack) {
      sdp.append("a=rtcp-fb:111 nack\n");
    }
    try {
      return SdpOffer.parse(sdp.toString().replace("\n", "\r\n"));
    } catch (SdpException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String contact(int number) {
    return "d-" + new UUID(number, number);
  }

  private Side side(RelayPeer peer) {
    Side side = sides.get(peer.id().value());
    if (side == null) {
      throw new IllegalStateException("nobody has this name: " + peer.id());
    }
    return side;
  }

  @Override
  public PacketBuffer acquire() {
    return new PacketBuffer();
  }

  @Override
  public void sendRtp(RelayPeer to, PacketBuffer packet) {
    Side side = side(to);
    side.receive(packet, data -> side.caller.onRtp(data, time.nowNs()));
  }

  @Override
  public void sendRtcp(RelayPeer to, PacketBuffer packet) {
    Side side = side(to);
    side.receive(packet, data -> side.caller.onRtcp(data));
  }

  @Override
  public void event(RelayEvent event) {
    // who talks is shown elsewhere
  }
}
