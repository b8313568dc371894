package parley.load.bench.media;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.relay.client.BindingRequest;
import parley.relay.client.ClientDtls;
import parley.relay.srtp.PacketBuffer;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;
import parley.relay.srtp.SrtpTransport;
import parley.relay.srtp.SrtpTransports;
import parley.relay.stun.StunMessage;

/**
 * One client's path to a server: ICE as the controlling agent, DTLS as its client, SRTP. What is
 * public may be called on any thread; the rest is owned by its {@link Swarm}.
 *
 * <pre>
 * from an adapter:  connect, connectPlain, renew, reconnect, close
 * from the network: onDatagram
 * from the clock:   onCheckDue
 * from a turn:      sendVoice, say, keep
 * </pre>
 */
public final class Leg {

  private static final String ICE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** RFC 8445 §14: the first checks follow each other in so much time. */
  private static final long CHECK_NS = 50_000_000L;

  /** RFC 7675 §5.1: consent is renewed about so often. */
  private static final long CONSENT_NS = 5_000_000_000L;

  /** −20 dBov with the voice flag (RFC 6464): somebody who talks. */
  private static final byte LOUD = (byte) (0x80 | 20);

  /** Digital silence, without the flag. */
  private static final byte SILENT = 127;

  /** As long as SRTP's tag with AES-GCM, for what is sent without SRTP. */
  private static final int TAG_BYTES = 16;

  private final Swarm swarm;
  private final int index;
  private final int localPort;
  private volatile String ufrag;
  private volatile String password;
  private final int ssrc;
  private final long tieBreaker;
  private final CompletableFuture<Leg> connected = new CompletableFuture<>();
  private final CompletableFuture<Long> firstVoice = new CompletableFuture<>();

  private @Nullable RemoteEnd remote;
  private @Nullable ClientDtls dtls;
  private @Nullable SrtpTransport srtp;
  private byte[] transactionId = {};
  private volatile boolean valid;
  private boolean plain;
  private boolean closed;
  private @Nullable CompletableFuture<Leg> reconnected;
  private long nextCheckNs;
  private int sequence;

  /** How many packets of the running turn were heard here. */
  int heard;

  private final List<byte[]> kept = new ArrayList<>();

  /** Whether its packets say how loud they are. */
  private volatile boolean levels = true;

  private volatile String profile = "none";

  private volatile long confirmedNs;

  Leg(Swarm swarm, int index, int localPort) {
    this.swarm = swarm;
    this.index = index;
    this.localPort = localPort;
    this.ufrag = iceText(4);
    this.password = iceText(24);
    this.ssrc = swarm.random().nextInt();
    this.tieBreaker = swarm.random().nextLong();
    // Below 2^15, so that a loss right at the start hides no roll-over (RFC 3711 §3.3.1).
    this.sequence = swarm.random().nextInt(0x8000);
  }

  private String iceText(int chars) {
    StringBuilder text = new StringBuilder(chars);
    for (int i = 0; i < chars; i++) {
      text.append(ICE_CHARS.charAt(swarm.random().nextInt(ICE_CHARS.length())));
    }
    return text.toString();
  }

  public int index() {
    return index;
  }

  public int ssrc() {
    return ssrc;
  }

  public String ufrag() {
    return ufrag;
  }

  public String password() {
    return password;
  }

  public String fingerprint() {
    return swarm.certificate().fingerprint();
  }

  /** IPv4. */
  public String localAddress() {
    return swarm.address();
  }

  public int localPort() {
    return localPort;
  }

  /** Begins ICE, then DTLS; the future is complete when there are keys. */
  public CompletableFuture<Leg> connect(RemoteEnd end) {
    swarm.execute(
        () -> {
          remote = end;
          nextCheckNs = System.nanoTime();
          swarm.checkSoon(this);
        });
    return connected;
  }

  /** From now on it has new ICE credentials: those of the next offer (RFC 8445 §9). */
  public void renew() {
    ufrag = iceText(4);
    password = iceText(24);
  }

  /** Begins ICE anew; the DTLS association and its keys stay (RFC 8842 §5). */
  public CompletableFuture<Leg> reconnect(RemoteEnd end) {
    CompletableFuture<Leg> done = new CompletableFuture<>();
    swarm.execute(
        () -> {
          remote = end;
          valid = false;
          reconnected = done;
          swarm.checkNow(this);
        });
    return done;
  }

  /** Whether the other end has answered a connectivity check since the last offer. */
  public boolean isReached() {
    return valid;
  }

  /** Sends and hears without ICE, DTLS and SRTP, packets of the same length. */
  public CompletableFuture<Leg> connectPlain(int address, int port) {
    swarm.execute(
        () -> {
          remote = new RemoteEnd("", "", "", address, port);
          plain = true;
          connected.complete(this);
        });
    return connected;
  }

  /** When the first packet of a voice was heard here, as {@link System#nanoTime}. */
  public CompletableFuture<Long> firstVoice() {
    return firstVoice;
  }

  void onVoice(long heardNs) {
    if (heard++ == 0) {
      firstVoice.complete(heardNs); // a turn later it is complete already
    }
  }

  /** The SRTP profile that DTLS agreed on; none before, and on a leg without. */
  public String profile() {
    return profile;
  }

  /** When the other end answered a check last, as {@link System#nanoTime}; 0: never. */
  public long confirmedNs() {
    return confirmedNs;
  }

  public boolean hasLevels() {
    return levels;
  }

  /** From now on its packets do not say how loud they are. */
  public void withoutLevels() {
    levels = false;
  }

  /** Says nothing any more, and checks no more. */
  public void close() {
    swarm.execute(
        () -> {
          closed = true;
          swarm.forget(this);
        });
  }

  long nextCheckNs() {
    return nextCheckNs;
  }

  void checkAt(long ns) {
    nextCheckNs = ns;
  }

  /** A check is due; returns false when there are to be no more. */
  boolean onCheckDue(long nowNs) {
    RemoteEnd to = remote;
    if (closed || to == null) {
      return false;
    }
    transactionId = new byte[12];
    swarm.random().nextBytes(transactionId);
    byte[] check =
        new BindingRequest(transactionId, to.ufrag() + ":" + ufrag, to.password(), true, tieBreaker)
            .encode();
    send(check, 0, check.length);
    nextCheckNs = nowNs + (valid ? CONSENT_NS : CHECK_NS);
    return true;
  }

  void onDatagram(byte[] data, int length, long nowNs) {
    int first = length == 0 ? 255 : data[0] & 0xff;
    ClientDtls association = dtls;
    if (first >= 128 && first < 192) {
      onMedia(data, length, nowNs);
    } else if (first < 4) {
      onStun(data, length);
    } else if (first >= 20 && first < 64 && association != null) {
      association.onDatagram(Arrays.copyOf(data, length));
    }
  }

  private void onStun(byte[] data, int length) {
    StunMessage message = swarm.stun().tryParse(data, 0, length);
    RemoteEnd to = remote;
    if (message == null || to == null) {
      return;
    }
    if (message.isBindingRequest() && swarm.stun().verify(message, password)) {
      InetSocketAddress mapped = new InetSocketAddress(RemoteEnd.text(to.address()), to.port());
      byte[] answer = swarm.stun().bindingSuccess(message, mapped, password);
      send(answer, 0, answer.length);
    } else if (message.kind() == StunMessage.Kind.SUCCESS
        && Arrays.equals(message.transactionId(), transactionId)
        && swarm.stun().verify(message, to.password())) {
      confirmedNs = System.nanoTime();
      if (valid) {
        return;
      }
      valid = true;
      CompletableFuture<Leg> again = reconnected;
      if (again != null) {
        again.complete(this);
      } else if (dtls == null) {
        beginDtls(to);
      }
    }
  }

  /** A pair is valid and nominated, so DTLS may begin (RFC 8842 §5). */
  private void beginDtls(RemoteEnd to) {
    ClientDtls association =
        new ClientDtls(
            swarm.certificate(),
            to.fingerprint(),
            List.of(SrtpProfile.values()),
            datagram -> swarm.execute(() -> send(datagram, 0, datagram.length)),
            swarm.dtlsResendMs());
    dtls = association;
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                SrtpKeys keys = association.handshake();
                swarm.execute(() -> onKeys(keys));
              } catch (IOException | RuntimeException e) {
                connected.completeExceptionally(e);
              }
            });
  }

  private void onKeys(SrtpKeys keys) {
    srtp = SrtpTransports.create(keys, swarm.cipherMemory());
    profile = keys.profile().name();
    connected.complete(this);
  }

  private void onMedia(byte[] data, int length, long nowNs) {
    PacketBuffer packet = swarm.buffer().set(data, 0, length);
    int type = data[1] & 0xff;
    boolean rtcp = type >= 192 && type <= 223;
    SrtpTransport transport = srtp;
    if (plain) {
      packet.length -= TAG_BYTES;
    } else if (transport == null) {
      return; // before the handshake's end is known here; nobody talks yet
    } else if (rtcp ? !transport.unprotectRtcp(packet) : !transport.unprotectRtp(packet)) {
      swarm.tally().refused++;
      return;
    }
    if (rtcp) {
      swarm.tally().rtcp++;
      return;
    }
    int payloadAt = VoiceHeader.payloadAt(packet.data);
    swarm.onVoice(this, packet.data, payloadAt, packet.length - payloadAt, nowNs);
  }

  /** One packet of a voice, stamped with now. */
  void sendVoice(int turn, long dueNs) {
    send(turn, dueNs, LOUD);
  }

  /**
   * The same for a {@link Conversation}, on the swarm's thread. Nothing is sent before there are
   * keys, and after the end.
   *
   * @param loud whether somebody talks; else it is what a microphone sends meanwhile
   */
  public void speak(int turn, long dueNs, boolean loud) {
    if (!closed && srtp != null) {
      send(turn, dueNs, loud ? LOUD : SILENT);
    }
  }

  private void send(int turn, long dueNs, byte level) {
    PacketBuffer packet = swarm.buffer();
    int payloadAt = header(packet.data, dueNs, level);
    Stamp.write(packet.data, payloadAt, turn, index, System.nanoTime());
    send(packet, payloadAt + Stamp.PAYLOAD_BYTES);
  }

  /** One packet of real sound. */
  void say(Voice voice, int frame, long dueNs) {
    PacketBuffer packet = swarm.buffer();
    byte[] payload = voice.packets()[frame];
    int payloadAt = header(packet.data, dueNs, (byte) voice.levels()[frame]);
    System.arraycopy(payload, 0, packet.data, payloadAt, payload.length);
    send(packet, payloadAt + payload.length);
  }

  /** What it hears is to be looked at later. */
  void keep(byte[] data, int at, int length) {
    kept.add(Arrays.copyOfRange(data, at, at + length));
  }

  List<byte[]> kept() {
    return List.copyOf(kept);
  }

  void forgetKept() {
    kept.clear();
  }

  /** Returns where the payload begins. */
  private int header(byte[] data, long dueNs, byte level) {
    sequence = (sequence + 1) & 0xffff;
    return VoiceHeader.write(data, sequence, dueNs, ssrc, levels, level);
  }

  private void send(PacketBuffer packet, int length) {
    packet.offset = 0;
    packet.length = length;
    SrtpTransport transport = srtp;
    if (plain) {
      packet.length += TAG_BYTES;
    } else if (transport == null || !transport.protectRtp(packet)) {
      throw new IllegalStateException("a leg without keys cannot talk");
    }
    send(packet.data, 0, packet.length);
  }

  private void send(byte[] data, int offset, int length) {
    RemoteEnd to = remote;
    if (to != null && !closed) {
      swarm.send(index, to, data, offset, length);
    }
  }
}
