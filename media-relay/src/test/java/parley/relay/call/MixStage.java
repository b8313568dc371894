package parley.relay.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.PeerId;
import parley.relay.api.RelayEvent;
import parley.relay.mix.MixedFrame;
import parley.relay.mix.Mixer;
import parley.relay.mix.MixerInput;
import parley.relay.mix.Sound;
import parley.relay.mix.Telephone;
import parley.relay.mix.Tone;
import parley.relay.rtp.OutgoingHeader;
import parley.relay.rtp.RtpPacket;
import parley.relay.srtp.PacketBuffer;

/**
 * A call whose clients send tones and decode what they hear, with a mixer beside it, in virtual
 * time: no network, no threads.
 */
final class MixStage implements CallOutput {

  private static final long FRAME_NS = 20_000_000L;

  /** A client: a tone in, ears. */
  final class Client {
    final String name;
    final RelayPeer peer;
    final double hertz;

    /** Set for a client that knows G.711 only. */
    @Nullable Telephone telephone;

    private final Tone tone;
    private final int ssrc;
    private int frame;
    double loudness;

    /** Whether its packets say how loud they are. */
    boolean levels = true;

    Sound sound = new Sound();
    final List<Integer> csrcs = new ArrayList<>();
    private boolean heardAny;
    private int sequence;
    private int timestamp;

    /** Steps of the RTP clock other than 20 ms, since the last look. */
    final List<Integer> jumps = new ArrayList<>();

    int packets;
    int payloadType = -1;
    private int heardSsrc;

    Client(String name, RelayPeer peer, double hertz) {
      this.name = name;
      this.peer = peer;
      this.hertz = hertz;
      this.tone = new Tone(hertz, 1);
      this.ssrc = random.nextInt();
    }

    byte[] speak() {
      if (telephone != null) {
        return telephone.speak(loudness);
      }
      tone.next(loudness);
      return Arrays.copyOf(tone.packet(), tone.length());
    }

    void hear(PacketBuffer packet) {
      if (!view.wrap(packet)) {
        throw new AssertionError("the relay sent no RTP");
      }
      if (heardAny && view.ssrc() != heardSsrc) {
        return; // another section's
      }
      heardSsrc = view.ssrc();
      packets++;
      if (heardAny) {
        int numbers = (short) (view.sequence() - sequence);
        if (numbers < 1 || (numbers > 1 && loss == 0)) {
          throw new AssertionError("a gap in the sequence of " + name);
        }
        int step = view.timestamp() - timestamp;
        if (step <= 0) {
          throw new AssertionError("time goes back for " + name);
        }
        if (step != frameTicks()) {
          jumps.add(step);
        }
        // What a receiver does with time in which nothing was sent.
        sound.silence(Math.clamp(step / frameTicks() - 1, 0, 500));
      }
      heardAny = true;
      sequence = view.sequence();
      timestamp = view.timestamp();
      csrcs.clear();
      for (int i = 0; i < view.csrcCount(); i++) {
        csrcs.add(view.csrc(i));
      }
      payloadType = view.payloadType();
      if (telephone == null) {
        sound.packet(view.data(), view.payloadOffset(), view.payloadLength());
      } else {
        sound.add(telephone.hear(view.data(), view.payloadOffset(), view.payloadLength()));
      }
    }

    int frameTicks() {
      return telephone == null ? 960 : 160;
    }
  }

  final RelayCall call;
  final Map<PeerId, Client> clients = new LinkedHashMap<>();
  private final RtpPacket view = new RtpPacket();
  private final PacketBuffer uplink = new PacketBuffer();
  private final Random random;

  /** How many of a hundred packets never arrive, as a fraction. */
  double loss;

  long nowNs = 7_000_000_000L;
  @Nullable Mixer mixer;
  boolean mixerAvailable = true;
  int mixersOpened;
  final List<String> talking = new ArrayList<>();

  MixStage() {
    this(42);
  }

  MixStage(long seed) {
    random = new Random(seed);
    call =
        new RelayCall(
            new CallId("11111111-2222-3333-4444-555555555555"),
            new CallInfo("team", "g-1", "Group", Instant.EPOCH),
            3,
            this,
            new Random(42));
  }

  /** Joins with one section, and is connected. */
  Client join(String name, double hertz) {
    return join(name, hertz, Offers.client(1));
  }

  Client join(String name, double hertz, SdpOffer offer) {
    RelayPeer peer = call.offer(new PeerId(name), Stage.info(name), offer, false, nowNs);
    call.connected(peer.id(), nowNs);
    Client client = new Client(name, peer, hertz);
    clients.put(peer.id(), client);
    return client;
  }

  void leave(Client client) {
    clients.remove(client.peer.id());
    call.leave(client.peer.id(), "test", nowNs);
  }

  /** So many frames pass; every client sends one packet in each. */
  void pass(int frames) {
    for (int i = 0; i < frames; i++) {
      int at = 0;
      for (Client client : List.copyOf(clients.values())) {
        at++;
        send(client, nowNs + at * 1_000_000L);
      }
      nowNs += FRAME_NS;
      if (mixer != null) {
        mixer.onTick(nowNs);
      }
      call.onTick(nowNs);
    }
  }

  private void send(Client client, long atNs) {
    byte[] payload = client.speak();
    client.frame++;
    if (random.nextDouble() < loss) {
      return;
    }
    int level = client.loudness == 0 ? 127 : (int) Math.round(3 - 20 * Math.log10(client.loudness));
    int type = client.telephone == null ? 111 : 0;
    var header = new OutgoingHeader(client.ssrc, type, client.levels ? 1 : 0, 0, "");
    int length =
        header.write(
            uplink.data,
            0,
            false,
            client.frame & 0xFFFF,
            client.frame * client.frameTicks(),
            0xC0FFEE,
            level);
    System.arraycopy(payload, 0, uplink.data, length, payload.length);
    uplink.offset = 0;
    uplink.length = length + payload.length;
    call.onRtp(client.peer, uplink, atNs);
  }

  @Override
  public PacketBuffer acquire() {
    return new PacketBuffer();
  }

  @Override
  public void sendRtp(RelayPeer to, PacketBuffer packet) {
    Client client = clients.get(to.id());
    if (client != null) {
      client.hear(packet);
    }
  }

  @Override
  public void sendRtcp(RelayPeer to, PacketBuffer packet) {}

  @Override
  public void event(RelayEvent event) {
    if (event instanceof RelayEvent.Talking(_, var peer, var on)) {
      talking.add(peer + (on ? "+" : "-"));
    }
  }

  @Override
  public @Nullable MixerInput openMixer() {
    if (!mixerAvailable) {
      return null;
    }
    mixersOpened++;
    mixer = new Mixer(this::onFrame);
    return mixer;
  }

  @Override
  public void closeMixer() {
    mixer = null;
  }

  private void onFrame(MixedFrame frame) {
    call.onMixed(frame, nowNs);
  }
}
