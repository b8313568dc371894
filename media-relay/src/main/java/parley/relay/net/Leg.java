package parley.relay.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.CandidateKind;
import parley.relay.Drop;
import parley.relay.LegOutcome;
import parley.relay.api.CallId;
import parley.relay.api.Fault;
import parley.relay.api.LegReport.Stage;
import parley.relay.api.LogContext;
import parley.relay.dtls.DtlsOutcome;
import parley.relay.dtls.Fingerprint;
import parley.relay.ice.CandidatePair;
import parley.relay.ice.IceCredentials;
import parley.relay.ice.IceLite;
import parley.relay.ice.Transmit;
import parley.relay.quality.Observation;
import parley.relay.srtp.PacketBuffer;
import parley.relay.srtp.SrtpKeys;
import parley.relay.srtp.SrtpTransport;
import parley.relay.srtp.SrtpTransports;
import parley.relay.stun.StunMessage;

/**
 * One client's path to the relay: ICE, then DTLS, then SRTP around its packets. Owned by its media
 * loop.
 *
 * <pre>
 * from the network:     onCheck, onDtls, unprotectRtp, unprotectRtcp
 * from the DTLS driver: onWake
 * from signalling:      restart, close
 * from the loop:        sendRtp, sendRtcp, onTick, pollEvent
 * </pre>
 */
final class Leg {

  enum State {
    /** Offered and answered; no check yet. */
    NEW,
    /** Authenticated checks come, so it may be sent to; DTLS has not begun. */
    CHECKING,
    HANDSHAKING,
    /** Media flows. */
    CONNECTED,
    CLOSED
  }

  /** What its call has to know. */
  sealed interface Event {
    record Connected(String fingerprint) implements Event {}

    record Lost(LegOutcome outcome, Fault fault, String reason) implements Event {}
  }

  private static final Logger log = LoggerFactory.getLogger(Leg.class);

  /** From the first check to keys: as patient as DTLS itself, which gives up after 30 s. */
  private static final long CONNECT_TIMEOUT_NS = Duration.ofSeconds(30).toNanos();

  /** Clients renew consent every 4 to 6 s (RFC 7675 §5.1): one that missed that may be gone. */
  private static final long HEARD_NS = Duration.ofSeconds(7).toNanos();

  private final HostedCall call;
  private final Seat seat;
  private final Fingerprint expected;
  private final LoopParts parts;
  private final IceLite ice;
  private final LegClaims claims;
  private final LegDtls dtls;
  private final AtomicBoolean wakePending = new AtomicBoolean();
  private final MediaOrder order = new MediaOrder();
  private final StrangerCredit strangers = new StrangerCredit();
  private final ToldCandidates told = new ToldCandidates();

  private State state = State.NEW;
  private long enteredNs;
  private long heardNs;
  private @Nullable SrtpTransport srtp;
  private @Nullable CandidatePair path;
  private @Nullable UdpPort pathPort;
  private @Nullable Destination destination;
  private @Nullable Event event;
  private final LegMeter meter;

  Leg(
      HostedCall call,
      Seat seat,
      IceCredentials remoteCredentials,
      Fingerprint expected,
      LoopParts parts,
      long nowNs) {
    this.call = call;
    this.seat = seat;
    this.expected = expected;
    this.parts = parts;
    this.enteredNs = nowNs;
    this.heardNs = nowNs;
    IceCredentials local = IceCredentials.random(parts.relay().random());
    this.ice =
        new IceLite(
            parts.relay().stun(),
            local,
            remoteCredentials,
            parts.relay().config().consentTimeout(),
            nowNs);
    this.dtls = new LegDtls(parts.relay().dtls(), expected, this::wake);
    this.claims = new LegClaims(parts.legs(), this);
    this.meter = new LegMeter(parts.meter().ofLegs(), nowNs);
    claims.addUfrag(local.ufrag(), ice::owns);
  }

  HostedCall call() {
    return call;
  }

  Seat seat() {
    return seat;
  }

  State state() {
    return state;
  }

  Fingerprint expected() {
    return expected;
  }

  IceCredentials localCredentials() {
    return ice.local();
  }

  /** Whether it proved lately that it is alive. */
  boolean isHeard(long nowNs) {
    return state != State.CLOSED && nowNs - heardNs < HEARD_NS;
  }

  /**
   * The client offered again with the same certificate: new credentials restart ICE, while media
   * goes on (RFC 8445 §9); the same ones change nothing.
   */
  void restart(IceCredentials remote, long nowNs) {
    if (remote.equals(ice.remote())) {
      return;
    }
    IceCredentials local = IceCredentials.random(parts.relay().random());
    ice.restart(local, remote, nowNs);
    claims.addUfrag(local.ufrag(), ice::owns);
    say(() -> log.info("leg {} ICE restart", name()));
  }

  /** A STUN request that carries one of this leg's user name fragments. */
  void onCheck(StunMessage request, UdpPort port, InetSocketAddress remote, long nowNs) {
    boolean authentic = ice.onRequest(request, new CandidatePair(port.local(), remote), nowNs);
    Transmit response;
    while ((response = ice.pollTransmit()) != null) {
      UdpPort from = parts.ports().at(response.pair().local());
      if (from != null) {
        from.send(
            response.data(), 0, response.data().length, new Destination(response.pair().remote()));
      }
    }
    if (!authentic) {
      parts.meter().drop(Drop.STUN_REFUSED);
      return;
    }
    heardNs = nowNs;
    meter.check();
    claims.addRemote(remote, path == null ? null : path.remote(), nowNs);
    if (state == State.NEW) {
      become(State.CHECKING, "first check from " + MaskedAddress.of(remote), nowNs);
    }
    follow(ice.selected());
  }

  /** From an address this leg has claimed, so from whoever knows its ICE password. */
  void onDtls(PacketBuffer packet, long nowNs) {
    if (!dtls.begun()) {
      become(State.HANDSHAKING, "DTLS begins", nowNs);
    }
    dtls.onDatagram(packet);
  }

  /** The DTLS driver has something new. */
  void onWake(long nowNs) {
    wakePending.set(false);
    sendDtls(); // of a closed leg, the goodbye
    if (state == State.CLOSED) {
      return;
    }
    switch (dtls.pollOutcome()) {
      case null -> {}
      case DtlsOutcome.Connected connected -> onHandshakeDone(connected, nowNs);
      case DtlsOutcome.Failed failed ->
          lose(LegOutcome.HANDSHAKE_FAILED, LegMeter.fault(failed.why()), failed.reason());
      case DtlsOutcome.Closed _ -> onGoodbye();
    }
  }

  /** Whether a packet from an address that is nobody's may be tried with this leg's keys. */
  boolean triesStranger(long nowNs) {
    return strangers.take(nowNs);
  }

  /** A packet that claims to be its media; when it is, media goes where the newest came from. */
  boolean unprotectRtp(UdpPort port, InetSocketAddress remote, PacketBuffer packet, long nowNs) {
    if (srtp == null) {
      parts.meter().drop(Drop.NOT_CONNECTED);
      return false;
    }
    if (!srtp.unprotectRtp(packet)) {
      parts.meter().drop(Drop.SRTP_REFUSED);
      if (path != null && remote.equals(path.remote())) {
        meter.refused(); // a stranger's forgeries say nothing about the client
      }
      return false;
    }
    heardNs = nowNs;
    meter.packet(nowNs);
    if (order.isNewest(packet)) {
      claims.useSsrc(order.ssrc());
      onNewest(port, remote, nowNs);
    }
    ice.onHeard(remote, nowNs);
    return true;
  }

  /**
   * Where the client is now. Another address than before: a NAT has forgotten it, or it has moved.
   */
  private void onNewest(UdpPort port, InetSocketAddress remote, long nowNs) {
    if (path != null
        && !remote.equals(path.remote())
        && claims.addRemote(remote, path.remote(), nowNs)) {
      ice.onMedia(new CandidatePair(port.local(), remote));
      follow(ice.selected());
    }
  }

  boolean unprotectRtcp(InetSocketAddress remote, PacketBuffer packet, long nowNs) {
    if (srtp == null) {
      parts.meter().drop(Drop.NOT_CONNECTED);
      return false;
    }
    if (!srtp.unprotectRtcp(packet)) {
      parts.meter().drop(Drop.SRTCP_REFUSED);
      meter.refused();
      return false;
    }
    heardNs = nowNs;
    meter.control();
    ice.onHeard(remote, nowNs);
    return true;
  }

  /** Protects in place and queues. */
  void sendRtp(PacketBuffer packet) {
    if (srtp == null || destination == null || pathPort == null) {
      parts.meter().drop(Drop.NO_PATH);
    } else if (!srtp.protectRtp(packet)) {
      parts.meter().drop(Drop.TOO_BIG);
    } else {
      pathPort.send(packet.data, packet.offset, packet.length, destination);
    }
  }

  /** Protects in place and queues. */
  void sendRtcp(PacketBuffer packet) {
    if (srtp == null || destination == null || pathPort == null) {
      parts.meter().drop(Drop.NO_PATH);
    } else if (!srtp.protectRtcp(packet)) {
      parts.meter().drop(Drop.TOO_BIG);
    } else {
      pathPort.send(packet.data, packet.offset, packet.length, destination);
    }
  }

  /** Deadlines. */
  void onTick(long nowNs) {
    if (state == State.CLOSED || (nowNs - ice.nextDeadlineNs() < 0 && !isConnecting())) {
      return;
    }
    if (ice.consentLapsed(nowNs)) {
      // RFC 7675 §5.1: consent has lapsed, so nothing more may be sent.
      lose(
          state == State.NEW ? LegOutcome.NEVER_CHECKED : LegOutcome.CONSENT_LAPSED,
          state == State.NEW ? Fault.NO_ICE : Fault.CONSENT_LOST,
          state == State.NEW
              ? "No packet of the client reached the relay within %d s: UDP to the relay's media"
                      .formatted(consentSeconds())
                  + " port is blocked, or the address the relay advertises is not reachable."
              : "The client has not been heard of for %d s: its network is down, or it is closed."
                  .formatted(consentSeconds()));
    } else if (isOverdue(nowNs)) {
      lose(
          LegOutcome.HANDSHAKE_FAILED,
          state == State.CHECKING ? Fault.ANSWERS_LOST : Fault.HANDSHAKE_STUCK,
          "The client reaches the relay but did not finish the secure handshake within 30 s.");
    }
  }

  /** What happened since the last call, or null; every input may cause at most one. */
  @Nullable Event pollEvent() {
    Event next = event;
    event = null;
    return next;
  }

  LegMeter meter() {
    return meter;
  }

  /** What is known of it now; nothing after it was closed. */
  Observation observe(long nowNs) {
    return meter.observation(
        stage(), enteredNs, state == State.CONNECTED && srtp == null, heardNs, seat.peer, nowNs);
  }

  private Stage stage() {
    return switch (state) {
      case NEW -> Stage.WAITING;
      case CHECKING -> Stage.CHECKING;
      case HANDSHAKING -> Stage.HANDSHAKING;
      case CONNECTED, CLOSED -> Stage.CONNECTED;
    };
  }

  @Nullable CandidatePair path() {
    return path;
  }

  ToldCandidates told() {
    return told;
  }

  /** How the client's address came about. */
  CandidateKind kind() {
    return path == null ? CandidateKind.PRFLX : told.kind(path.remote());
  }

  /** Says goodbye, forgets keys and addresses. */
  void close(LegOutcome outcome, String why, long nowNs) {
    if (state == State.CLOSED) {
      return;
    }
    become(State.CLOSED, why, nowNs);
    parts.meter().ended(outcome);
    dtls.close();
    sendDtls();
    useKeys(null);
    claims.releaseAll();
  }

  private void onHandshakeDone(DtlsOutcome.Connected connected, long nowNs) {
    useKeys(connected.keys());
    become(State.CONNECTED, "DTLS done, " + connected.keys().profile(), nowNs);
    parts.meter().selected(kind());
    event = new Event.Connected(connected.fingerprint());
  }

  /**
   * close_notify: a hint that the client has closed, so it gets no more media. Whether it has left
   * is for signalling to say, or for consent to show: it may be reloading, and about to offer
   * again.
   */
  private void onGoodbye() {
    useKeys(null);
    say(
        () ->
            log.info(
                "leg {} the client ended DTLS: no more media until it leaves or offers", name()));
  }

  private void useKeys(@Nullable SrtpKeys keys) {
    if (srtp != null) {
      srtp.close();
    }
    srtp = keys == null ? null : SrtpTransports.create(keys, parts.cipherMemory());
  }

  private void lose(LegOutcome outcome, Fault fault, String reason) {
    event = new Event.Lost(outcome, fault, reason);
  }

  private void sendDtls() {
    // Without a path the flights wait where they are: the session's outbox is bounded.
    byte[] datagram;
    while (destination != null && pathPort != null && (datagram = dtls.pollTransmit()) != null) {
      pathPort.send(datagram, 0, datagram.length, destination);
    }
  }

  /** Sends to the pair ICE has selected from now on. */
  private void follow(@Nullable CandidatePair selected) {
    if (selected == null || selected.equals(path)) {
      return;
    }
    if (path == null) {
      say(() -> log.info("leg {} path to {}", name(), MaskedAddress.of(selected.remote())));
    } else { // as often as the client likes
      say(() -> log.debug("leg {} other path, to {}", name(), MaskedAddress.of(selected.remote())));
    }
    path = selected;
    pathPort = parts.ports().at(selected.local());
    destination = new Destination(selected.remote());
    sendDtls();
  }

  private boolean isConnecting() {
    return state == State.CHECKING || state == State.HANDSHAKING;
  }

  private boolean isOverdue(long nowNs) {
    return isConnecting() && nowNs - enteredNs > CONNECT_TIMEOUT_NS;
  }

  private long consentSeconds() {
    return parts.relay().config().consentTimeout().toSeconds();
  }

  /** Any thread. At most one wake is on its way, so the loop's task queue cannot fill up. */
  private void wake() {
    if (wakePending.compareAndSet(false, true)) {
      parts.wake().accept(this);
    }
  }

  private void become(State next, String why, long nowNs) {
    say(() -> log.info("leg {} {} -> {}: {}", name(), state, next, why));
    state = next;
    enteredNs = nowNs;
    meter.became(next, nowNs);
  }

  /** A line of the log with the call in its context. */
  private void say(Runnable line) {
    LogContext.about(call.id(), line);
  }

  String name() {
    CallId id = call.id();
    return id.shortForm() + "/" + seat.id;
  }
}
