package parley.relay.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.RtcpWriter;
import parley.relay.srtp.PacketBuffer;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpProfile;
import parley.relay.srtp.SrtpTransport;
import parley.relay.srtp.SrtpTransports;

/**
 * One device that calls the relay: {@link #offer}, then {@link #connect} with the answer, then
 * {@link #speak}. Any thread.
 */
public final class MediaClient implements AutoCloseable {

  private static final String ICE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int SAMPLES_PER_FRAME = 960;

  /** Browsers report every five seconds at the most; this one is in a hurry. */
  private static final int REPORT_MS = 1000;

  private final String name;
  private final ClientCertificate certificate;
  private final String shownFingerprint;
  private final List<SrtpProfile> profiles;
  private volatile DatagramSocket socket;
  private final SecureRandom random = new SecureRandom();
  private final int ssrc = random.nextInt();
  private final long tieBreaker = random.nextLong();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final Queue<VoicePacket> heard = new ConcurrentLinkedQueue<>();
  private final AtomicInteger rtcpReceived = new AtomicInteger();
  private final AtomicInteger checksAnswered = new AtomicInteger();
  private final AtomicInteger refusedHere = new AtomicInteger();

  private final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
  private final CountDownLatch checked = new CountDownLatch(1);
  private volatile boolean checking = true;
  private volatile boolean speaking;
  private volatile Supplier<byte[]> voice = () -> new byte[0];
  private volatile String ufrag = "";
  private volatile String password = "";
  private volatile ClientSdp.@Nullable Answer answer;
  private volatile @Nullable ClientDtls dtls;
  private volatile @Nullable SrtpTransport srtp;
  private volatile byte @Nullable [] lastSent;
  private volatile IntPredicate losing = _ -> false;
  private final Set<Integer> lost = ConcurrentHashMap.newKeySet();
  private final Ailments ailments = new Ailments();
  private final ReceiverReports reports = new ReceiverReports();
  private final SrtpTransport inventedKeys;
  private int sequence = random.nextInt(0x10000);
  private int timestamp = random.nextInt();

  /**
   * @param bindTo local address to call from
   * @param shownFingerprint what the offers say, usually the certificate's own
   * @param profiles the most preferred first
   */
  public MediaClient(
      String name,
      InetAddress bindTo,
      ClientCertificate certificate,
      String shownFingerprint,
      List<SrtpProfile> profiles) {
    this.name = name;
    this.profiles = List.copyOf(profiles);
    this.inventedKeys = SrtpTransports.create(invented(this.profiles.getFirst()));
    this.certificate = certificate;
    this.shownFingerprint = shownFingerprint;
    this.socket = open(bindTo);
    listen();
    timer.scheduleAtFixedRate(this::check, 0, 50, TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(this::frame, 0, 20, TimeUnit.MILLISECONDS);
    timer.scheduleAtFixedRate(this::report, REPORT_MS, REPORT_MS, TimeUnit.MILLISECONDS);
  }

  private static DatagramSocket open(InetAddress bindTo) {
    try {
      return new DatagramSocket(new InetSocketAddress(bindTo, 0));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    DatagramSocket of = socket;
    Thread.ofPlatform().daemon().name("client-" + name).start(() -> read(of));
  }

  /** Goes on from another port, as behind a NAT that has forgotten it. */
  public void rebind() {
    DatagramSocket before = socket;
    socket = open(before.getLocalAddress());
    listen();
    before.close();
  }

  public String name() {
    return name;
  }

  public String fingerprint() {
    return certificate.fingerprint();
  }

  /** Of the last offer. */
  public String ufrag() {
    return ufrag;
  }

  public InetSocketAddress local() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Where it sends to. */
  public InetSocketAddress relay() {
    ClientSdp.Answer to = answer;
    if (to == null) {
      throw new IllegalStateException("no answer yet");
    }
    return to.candidates().getFirst();
  }

  /** An offer with new ICE credentials. */
  public String offer(int receivingSections) {
    ufrag = iceText(4);
    password = iceText(24);
    return ClientSdp.offer(ufrag, password, shownFingerprint, ssrc, receivingSections);
  }

  /** Begins ICE and, unless it is done, DTLS. Returns at once; see {@link #connected}. */
  public void connect(String answerSdp) {
    ClientSdp.Answer parsed = ClientSdp.Answer.parse(answerSdp);
    answer = parsed;
    if (dtls == null) {
      ClientDtls association =
          new ClientDtls(
              certificate, parsed.fingerprint(), profiles, data -> send(data, data.length));
      dtls = association;
      Thread.ofVirtual().start(() -> handshake(association));
    }
  }

  /** Keys once DTLS is done; fails with what went wrong. */
  public CompletableFuture<SrtpKeys> connected() {
    return keys;
  }

  /** From now on a frame every 20 ms, or none. */
  public void speak(boolean on) {
    voice = () -> VoicePacket.payload(name);
    speaking = on;
  }

  /** From now on a frame every 20 ms with such a payload. */
  public void speak(Supplier<byte[]> payloads) {
    voice = payloads;
    speaking = true;
  }

  /** Whether connectivity checks are sent; without them consent lapses. */
  public void check(boolean on) {
    checking = on;
  }

  /** What was heard since the last call of {@link #forget}. */
  public List<VoicePacket> heard() {
    return List.copyOf(heard);
  }

  public long heardFrom(String speaker) {
    return heard.stream().filter(packet -> packet.speaker().equals(speaker)).count();
  }

  public void forget() {
    heard.clear();
  }

  /** Loses packets of these numbers the first time they come, and asks for them again. */
  public void lose(IntPredicate sequences) {
    losing = sequences;
  }

  /** What is wrong with it. */
  public Ailments ailments() {
    return ailments;
  }

  public int rtcpReceived() {
    return rtcpReceived.get();
  }

  public int checksAnswered() {
    return checksAnswered.get();
  }

  /** SRTP and SRTCP from the relay that did not authenticate. */
  public int refusedHere() {
    return refusedHere.get();
  }

  /** The last packet of voice once more, bit for bit. */
  public void replay() {
    byte[] packet = lastSent;
    if (packet != null) {
      send(packet, packet.length);
    }
  }

  /** The last packet of voice, protected; empty before the first. */
  public byte[] lastSent() {
    byte[] packet = lastSent;
    return packet == null ? new byte[0] : packet.clone();
  }

  /** Anything, to the relay, from this client's own address. */
  public void sendRaw(byte[] datagram) {
    send(datagram, datagram.length);
  }

  /** A connectivity check as it sends them itself, not sent yet. */
  public byte[] freshCheck() {
    ClientSdp.Answer to = answer;
    if (to == null) {
      throw new IllegalStateException("no answer yet");
    }
    byte[] transactionId = new byte[12];
    random.nextBytes(transactionId);
    String username = to.ufrag() + ":" + ufrag;
    return new BindingRequest(transactionId, username, to.password(), true, tieBreaker).encode();
  }

  /** Ends DTLS with close_notify, and goes on otherwise. */
  public void sayGoodbye() {
    ClientDtls association = dtls;
    if (association != null) {
      try {
        association.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    socket.close();
  }

  private void handshake(ClientDtls association) {
    try {
      checked.await(); // DTLS waits for a valid pair (RFC 8842 §5)
      SrtpKeys agreed = association.handshake();
      srtp = SrtpTransports.create(agreed);
      keys.complete(agreed);
    } catch (IOException | InterruptedException | RuntimeException e) {
      keys.completeExceptionally(e);
    }
  }

  private void check() {
    if (answer != null && checking) {
      sendRaw(freshCheck());
    }
  }

  private void frame() {
    SrtpTransport transport = srtp;
    if (transport == null || !speaking) {
      return;
    }
    sequence = (sequence + 1) & 0xffff;
    timestamp += SAMPLES_PER_FRAME;
    byte[] rtp =
        new VoicePacket(
                ssrc,
                sequence,
                timestamp + ailments.clockSkip,
                ailments.payloadType,
                new int[0],
                voice.get())
            .encode(ailments.level);
    PacketBuffer packet = new PacketBuffer().set(rtp, 0, rtp.length);
    SrtpTransport keys = ailments.wrongKeys ? inventedKeys : transport;
    synchronized (keys) {
      keys.protectRtp(packet);
    }
    if (ailments.lostUp.test(sequence)) {
      return;
    }
    lastSent = packet.toBytes();
    send(packet.toBytes(), packet.length);
  }

  private void report() {
    SrtpTransport transport = srtp;
    PacketBuffer packet = reports.next(ssrc, System.nanoTime());
    if (transport == null || packet == null) {
      return;
    }
    synchronized (transport) {
      transport.protectRtcp(packet);
    }
    send(packet.toBytes(), packet.length);
  }

  private void read(DatagramSocket from) {
    byte[] buffer = new byte[2048];
    DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
    while (!from.isClosed()) {
      try {
        from.receive(datagram);
        onDatagram(buffer, datagram.getLength());
        datagram.setLength(buffer.length);
      } catch (IOException e) {
        if (from.isClosed()) {
          return;
        }
      }
    }
  }

  private void onDatagram(byte[] data, int length) {
    int first = length == 0 ? 255 : data[0] & 0xff;
    if (ailments.blockedDown || (ailments.blockedDtls && first >= 20 && first < 64)) {
      return;
    }
    ClientDtls association = dtls;
    SrtpTransport transport = srtp;
    if (first < 4) {
      if (length >= 20 && data[0] == 1 && data[1] == 1) {
        checksAnswered.incrementAndGet();
        checked.countDown();
      }
    } else if (first < 64 && association != null) {
      association.onDatagram(Arrays.copyOf(data, length));
    } else if (first >= 128 && transport != null) {
      onMedia(transport, data, length);
    }
  }

  private void onMedia(SrtpTransport transport, byte[] data, int length) {
    PacketBuffer packet = new PacketBuffer().set(data, 0, length);
    int type = data[1] & 0xff;
    boolean rtcp = type >= 192 && type <= 223;
    int sequence = (data[2] & 0xff) << 8 | (data[3] & 0xff);
    if (!rtcp && losing.test(sequence) && lost.add(sequence)) {
      askFor(transport, ByteBuffer.wrap(data).getInt(8), sequence);
      return;
    }
    if (!rtcp && ailments.lostDown.test(sequence)) {
      return;
    }
    boolean authentic;
    synchronized (transport) {
      authentic = rtcp ? transport.unprotectRtcp(packet) : transport.unprotectRtp(packet);
    }
    if (!authentic) {
      refusedHere.incrementAndGet();
    } else if (rtcp) {
      rtcpReceived.incrementAndGet();
      reports.onRtcp(packet, System.nanoTime());
    } else {
      VoicePacket voice = VoicePacket.decode(packet.data, packet.offset, packet.length);
      if (voice != null) {
        reports.onRtp(voice.ssrc(), voice.sequence(), voice.timestamp(), System.nanoTime());
        heard.add(voice);
      }
    }
  }

  private void askFor(SrtpTransport transport, int mediaSsrc, int sequence) {
    PacketBuffer nack = new PacketBuffer();
    RtcpWriter _ = new RtcpWriter(nack).receiverReport(ssrc).nack(ssrc, mediaSsrc, sequence, 0);
    synchronized (transport) {
      transport.protectRtcp(nack);
    }
    send(nack.toBytes(), nack.length);
  }

  private void send(byte[] data, int length) {
    ClientSdp.Answer to = answer;
    if (to == null || socket.isClosed() || ailments.blockedUp) {
      return;
    }
    try {
      socket.send(new DatagramPacket(data, length, to.candidates().getFirst()));
    } catch (IOException e) {
      // UDP: lost, as the network may lose it
    }
  }

  private SrtpKeys invented(SrtpProfile profile) {
    return new SrtpKeys(
        profile,
        bytes(profile.keyBytes),
        bytes(profile.saltBytes),
        bytes(profile.keyBytes),
        bytes(profile.saltBytes));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private String iceText(int chars) {
    StringBuilder text = new StringBuilder(chars);
    for (int i = 0; i < chars; i++) {
      text.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
    }
    return text.toString();
  }
}
