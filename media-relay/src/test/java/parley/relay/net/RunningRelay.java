package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import parley.relay.Drop;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.LegReport;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayConfig;
import parley.relay.api.RelayEvent;
import parley.relay.api.TrunkLine;
import parley.relay.client.ClientCertificate;
import parley.relay.client.MediaClient;
import parley.relay.evidence.SigningKey;
import parley.relay.recording.Recorder;
import parley.relay.srtp.SrtpProfile;
import parley.relay.stun.Ice4jStunCodec;
import parley.relay.stun.StunCodec;

/** A relay on loopback with free ports, clients to call it with, and what it told. */
final class RunningRelay implements AutoCloseable {

  /** Long enough for two loaded cores; a test that passes never waits for it. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  final InProcessRelay relay;
  private final List<RelayEvent> events = new CopyOnWriteArrayList<>();
  private final Map<CallId, List<LegReport>> reports = new ConcurrentHashMap<>();
  private final List<MediaClient> clients = new ArrayList<>();

  RunningRelay(Path recordings) {
    this(config(recordings), UdpTransport.best());
  }

  RunningRelay(RelayConfig config, UdpTransport transport) {
    this(config, transport, new Ice4jStunCodec());
  }

  RunningRelay(RelayConfig config, UdpTransport transport, StunCodec stun) {
    Recorder recorder =
        new Recorder(config.recordings(), Clock.systemUTC(), SigningKey.create(), events::add);
    this.relay =
        new InProcessRelay(
            config, recorder, new SimpleMeterRegistry(), this::told, transport, stun);
  }

  private void told(RelayEvent event) {
    if (event instanceof RelayEvent.Reported reported) {
      reports.put(reported.call(), reported.legs());
    } else {
      events.add(event);
    }
  }

  static RelayConfig config(Path recordings) {
    return config(recordings, "127.0.0.1", 0, Duration.ofSeconds(30));
  }

  static RelayConfig config(Path recordings, String address, int port, Duration consent) {
    return new RelayConfig(List.of(address), false, List.of(), port, 2, 3, consent, 8, recordings);
  }

  CallId open(boolean record) {
    return open(new CallId(UUID.randomUUID().toString()), record);
  }

  CallId open(CallId call, boolean record) {
    CallInfo info = new CallInfo("team", "g-" + UUID.randomUUID(), "Tests", Instant.now());
    assertThat(relay.submit(new RelayCommand.Open(call, info, record))).isTrue();
    return call;
  }

  MediaClient client(String name, SrtpProfile... profiles) {
    ClientCertificate certificate = ClientCertificate.create();
    return client(name, LOOPBACK, certificate, certificate.fingerprint(), profiles);
  }

  /**
   * @param shown the fingerprint that the client's offers carry
   */
  MediaClient client(
      String name,
      InetAddress from,
      ClientCertificate certificate,
      String shown,
      SrtpProfile... profiles) {
    List<SrtpProfile> offered = List.of(profiles.length == 0 ? SrtpProfile.values() : profiles);
    MediaClient client = new MediaClient(name, from, certificate, shown, offered);
    clients.add(client);
    return client;
  }

  /** Joins and waits until media can flow. */
  MediaClient join(CallId call, String name, int receiving, SrtpProfile... profiles) {
    MediaClient client = client(name, profiles);
    offer(call, client, receiving);
    awaitConnected(call, client);
    return client;
  }

  /** Offers, waits for the answer and lets the client connect with it. */
  void offer(CallId call, MediaClient client, int receiving) {
    String answer = answer(call, client.name(), client.offer(receiving));
    client.connect(answer);
  }

  /** The relay's answer to an offer of the peer with this name. */
  String answer(CallId call, String name, String offer) {
    int seen = count(RelayEvent.Answered.class, call, name);
    assertThat(
            relay.submit(
                new RelayCommand.Offer(call, new PeerId(name), info(name), offer, false, false)))
        .isTrue();
    await("an answer for " + name, () -> count(RelayEvent.Answered.class, call, name) > seen);
    return last(RelayEvent.Answered.class, call, name).sdp();
  }

  void awaitConnected(CallId call, MediaClient client) {
    await(
        client.name() + " connected",
        () ->
            client.connected().isDone()
                && count(RelayEvent.Connected.class, call, client.name()) > 0);
  }

  void command(RelayCommand command) {
    assertThat(relay.submit(command)).isTrue();
  }

  /** How everybody is connected, asked and answered. */
  List<LegReport> legs(CallId call) {
    reports.remove(call);
    command(new RelayCommand.Report(call));
    await("a report", () -> reports.containsKey(call));
    return reports.getOrDefault(call, List.of());
  }

  /** Where other relays reach this one for a call. */
  List<TrunkLine.Address> reach(CallId call) {
    command(new RelayCommand.Reach(call));
    await("addresses", () -> !of(RelayEvent.Reachable.class, call, "").isEmpty());
    return last(RelayEvent.Reachable.class, call, "").addresses();
  }

  List<RelayEvent> events() {
    return List.copyOf(events);
  }

  <E extends RelayEvent> int count(Class<E> type, CallId call, String peer) {
    return of(type, call, peer).size();
  }

  <E extends RelayEvent> E last(Class<E> type, CallId call, String peer) {
    return of(type, call, peer).getLast();
  }

  long drops(Drop reason) {
    return relay.metrics().drops(reason);
  }

  @Override
  public void close() {
    clients.forEach(MediaClient::close);
    relay.close();
  }

  static PeerInfo info(String name) {
    UUID contact = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return new PeerInfo("d-" + contact, name, "test client");
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("waited in vain for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private <E extends RelayEvent> List<E> of(Class<E> type, CallId call, String peer) {
    return events.stream()
        .filter(event -> event.call().equals(call) && peer.equals(peerOf(event)))
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private static String peerOf(RelayEvent event) {
    return switch (event) {
      case RelayEvent.Answered e -> e.peer().value();
      case RelayEvent.Refused e -> e.peer().value();
      case RelayEvent.Connected e -> e.peer().value();
      case RelayEvent.Dominant _ -> "";
      case RelayEvent.Talking e -> e.peer().value();
      case RelayEvent.Gone e -> e.peer().value();
      case RelayEvent.Lost e -> e.peer().value();
      case RelayEvent.LegEnded e -> e.peer().value();
      case RelayEvent.Reported _,
          RelayEvent.Reachable _,
          RelayEvent.Recording _,
          RelayEvent.RecordingReady _,
          RelayEvent.RecordingFound _,
          RelayEvent.Failed _ ->
          "";
    };
  }
}
