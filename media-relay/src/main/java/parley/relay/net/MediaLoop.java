package parley.relay.net;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.Drop;
import parley.relay.LoopMeter;
import parley.relay.api.CallId;
import parley.relay.api.LogContext;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.srtp.CipherMemory;
import parley.relay.srtp.PacketBuffer;
import parley.relay.stun.StunCodec;
import parley.relay.stun.StunMessage;

/**
 * One thread, one UDP port, whole calls: a packet is received, decrypted, routed, encrypted and
 * sent here without a lock or a hand-over.
 *
 * <pre>
 * from the network:     onDatagram, onBatchEnd
 * from the TURN server: deliver (any thread) -> onDatagram, onBatchEnd
 * from signalling:      submit (any thread) -> onCommands
 * from the DTLS driver: wake (any thread)   -> onWake
 * from the mixers:      mixed (any thread)  -> onMixed
 * from the timer:       onTick
 * </pre>
 */
final class MediaLoop implements UdpReceiver, DatagramInbox.Taker {

  private static final Logger log = LoggerFactory.getLogger(MediaLoop.class);

  /** A twentieth of a packet's sound: nobody hears it, and half of the wake-ups go. */
  private static final long BATCH_SPACING_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoop thread;
  private final RelayParts relay;
  private final LoopMeter meter;
  private final LoopParts parts;
  private final Consumer<CallId> ended;
  private final CommandInbox inbox = new CommandInbox();
  private final DatagramInbox fromTurn;
  private final PacketBuffer scratch = new PacketBuffer();
  private final Map<CallId, HostedCall> calls = new HashMap<>();
  private final List<HostedCall> ticking = new ArrayList<>();
  private final LegTable legs = new LegTable();
  private final TrunkTable trunks = new TrunkTable();

  private final BatchPace pace;
  private final MixPace mixPace;
  private final boolean busyPolls; // there is no pause then
  private final AtomicBoolean mixPending = new AtomicBoolean();

  private int inBatch; // datagrams so far
  private long batchNs;
  private long nextTickNs;
  private @Nullable Future<?> timer;

  /**
   * Binds the ports and starts the timer. Any thread but the loop's.
   *
   * @param ended told, on the loop, once for every Open: when the call that it began is not there
   *     any more, or at once if it began none
   * @throws PortUnavailable naming address, port, setting and remedy
   */
  MediaLoop(
      EventLoop thread,
      UdpTransport transport,
      int portNumber,
      RelayParts relay,
      LoopMeter meter,
      Consumer<CallId> ended) {
    this.thread = thread;
    this.relay = relay;
    this.meter = meter;
    this.ended = ended;
    this.busyPolls = relay.config().tuning().busyPollUs() > 0;
    this.pace = new BatchPace(busyPolls ? 0 : BATCH_SPACING_NS, System.nanoTime());
    this.mixPace = new MixPace(thread, relay.mixers().beganNs());
    LoopPorts ports =
        LoopPorts.bind(relay.config(), portNumber, transport, thread, this, meter, relay.relayed());
    this.parts =
        new LoopParts(
            relay,
            ports,
            legs,
            trunks,
            new PacketPool(),
            new CipherMemory(),
            meter,
            this::wake,
            this::mixed);
    this.fromTurn = new DatagramInbox(mixPace, this);
    meter.watch(inbox::size);
    thread.execute(this::start);
  }

  /**
   * A client of this process's TURN server has a datagram for a port of this loop. Any thread.
   *
   * @param bound the port, as it is bound here
   */
  void deliver(
      InetSocketAddress from, InetSocketAddress bound, byte[] data, int offset, int lengthBytes) {
    fromTurn.offer(
        from, bound, data, offset, lengthBytes); // full: lost, as it would be in a socket
  }

  @Override
  public void onDatagram(DatagramInbox.Waiting datagram) {
    UdpPort port = parts.ports().at(datagram.to());
    if (port != null && datagram.data().length <= UdpTransport.MAX_DATAGRAM_BYTES) {
      meter.received(datagram.data().length);
      onDatagram(port, datagram.from(), scratch.set(datagram.data(), 0, datagram.data().length));
    }
  }

  /** Any thread. False when the inbox is full. */
  boolean submit(RelayCommand command) {
    if (!inbox.offer(command)) {
      return false;
    }
    if (inbox.announce()) {
      run(this::onCommands);
    }
    return true;
  }

  /** Any thread. */
  List<InetSocketAddress> bound() {
    return parts.ports().bound();
  }

  int receiveBufferBytes() {
    return parts.ports().receiveBufferBytes();
  }

  /** How many remote addresses it knows whose they are. Any thread but the loop's. */
  int addressesKnown() {
    return thread.submit(legs::addresses).awaitUninterruptibly().getNow();
  }

  /** Ends the calls and closes the ports. Returns when done; any thread but the loop's. */
  void close() {
    thread.submit(this::stop).awaitUninterruptibly();
  }

  @Override
  public void onDatagram(UdpPort port, InetSocketAddress remote, PacketBuffer packet) {
    if (inBatch++ == 0) {
      batchNs = System.nanoTime();
    }
    Demux protocol = Demux.of(packet);
    switch (protocol) {
      case STUN -> onStun(port, remote, packet);
      case TRUNK -> onTrunk(packet);
      case DTLS, RTP, RTCP -> onPeerDatagram(protocol, port, remote, packet);
      case BROKEN_STUN -> meter.drop(Drop.STUN_MALFORMED);
      case UNKNOWN -> meter.drop(Drop.UNKNOWN_PROTOCOL);
    }
  }

  @Override
  public void onBatchEnd() {
    if (inBatch >= UdpTransport.BATCH) {
      mixPace.more();
    }
    inBatch = 0;
    parts.ports().flush();
    if (!mixPace.rest()) {
      pace.rest();
    }
  }

  /** A check names its leg by user name: the address may be new, or may have been another's. */
  private void onStun(UdpPort port, InetSocketAddress remote, PacketBuffer packet) {
    StunMessage message = relay.stun().tryParse(packet.data, packet.offset, packet.length);
    if (message == null) {
      meter.drop(Drop.STUN_MALFORMED);
      return;
    }
    if (!message.isBindingRequest()) {
      meter.drop(Drop.STUN_UNWANTED);
      return;
    }
    if (message.username() == null && !message.hasIntegrity()) {
      onWhoAmI(message, port, remote);
      return;
    }
    Leg leg = legs.ofUfrag(message.localUfrag());
    if (leg == null) {
      meter.drop(Drop.STUN_UNKNOWN_UFRAG);
      return;
    }
    HostedCall call = leg.call();
    try {
      call.onCheck(leg, message, port, remote, batchNs);
    } catch (RuntimeException | AssertionError e) {
      fail(call, e);
    }
  }

  /**
   * Not a check: somebody asks what his address looks like from here (RFC 8489 §12), as every
   * client does that was told of no other STUN server. The answer is hardly longer than the
   * question.
   */
  private void onWhoAmI(StunMessage request, UdpPort port, InetSocketAddress remote) {
    StunCodec stun = relay.stun();
    byte[] answer =
        request.unknownRequired().isEmpty()
            ? stun.bindingSuccess(request, remote, null)
            : stun.bindingError(request, 420, "Unknown Attribute", null);
    port.send(answer, 0, answer.length, new Destination(remote));
  }

  private void onTrunk(PacketBuffer packet) {
    CallTrunks.Line line = trunks.of(packet);
    if (line == null) {
      meter.drop(Drop.TRUNK_UNKNOWN);
      return;
    }
    try {
      line.call.onTrunk(line, packet, batchNs);
    } catch (RuntimeException | AssertionError e) {
      fail(line.call, e);
    }
  }

  private void onPeerDatagram(
      Demux protocol, UdpPort port, InetSocketAddress remote, PacketBuffer packet) {
    Leg leg = legs.at(remote);
    if (leg == null && protocol == Demux.RTP) {
      leg = legs.ofStranger(packet, batchNs);
    }
    if (leg == null) {
      meter.drop(Drop.UNKNOWN_SOURCE);
      return;
    }
    HostedCall call = leg.call();
    try {
      switch (protocol) {
        case RTP -> call.onRtp(leg, port, remote, packet, batchNs);
        case RTCP -> call.onRtcp(leg, remote, packet, batchNs);
        case DTLS -> call.onDtls(leg, packet, batchNs);
        case STUN, BROKEN_STUN, TRUNK, UNKNOWN ->
            throw new IllegalArgumentException(protocol.name());
      }
    } catch (RuntimeException | AssertionError e) {
      fail(call, e);
    }
  }

  private void onCommands() {
    inbox.beginDrain();
    mixPace.allow(false); // somebody may come: the next tick looks again
    long nowNs = System.nanoTime();
    RelayCommand command;
    while ((command = inbox.poll()) != null) {
      try (var _ = LogContext.of(command.call())) {
        onCommand(command, nowNs);
      } catch (RuntimeException | AssertionError e) {
        log.error("call {}: a command failed", command.call().shortForm(), e);
      }
    }
    parts.ports().flush();
  }

  private void onCommand(RelayCommand command, long nowNs) {
    HostedCall call = calls.get(command.call());
    if (call == null) {
      if (command instanceof RelayCommand.Open open) {
        open(open, nowNs);
      }
      return; // the two sides crossed on the way: the call is over
    }
    try {
      switch (command) {
        case RelayCommand.Open _ -> {
          log.warn("call {} opened twice", call.id().shortForm());
          ended.accept(call.id());
        }
        case RelayCommand.SetRecording c -> call.onSetRecording(c.on(), nowNs);
        case RelayCommand.Rule c -> call.onRule(c.policy(), nowNs);
        case RelayCommand.Mask c -> call.onMask(c, nowNs);
        case RelayCommand.Note c -> call.onNote(c.note(), nowNs);
        case RelayCommand.Offer c -> call.onOffer(c, nowNs);
        case RelayCommand.Trickle c -> call.onTrickle(c.peer(), c.candidate());
        case RelayCommand.Mute c -> call.onMute(c.peer(), c.muted(), nowNs);
        case RelayCommand.Report _ -> call.onReport(nowNs);
        case RelayCommand.Reach _ -> call.onReach();
        case RelayCommand.Link c -> call.onLink(c.line());
        case RelayCommand.Unlink c -> call.onUnlink(c.far());
        case RelayCommand.Leave c -> call.onLeave(c.peer(), c.reason(), nowNs);
        case RelayCommand.Close c -> close(call, c.reason(), nowNs);
      }
    } catch (RuntimeException | AssertionError e) {
      fail(call, e);
    }
  }

  private void open(RelayCommand.Open command, long nowNs) {
    HostedCall call = new HostedCall(command.call(), command.info(), parts, nowNs);
    calls.put(call.id(), call);
    meter.calls(1);
    log.info("call {} opened", call.id().shortForm());
    try {
      call.onSetRecording(command.record(), nowNs);
    } catch (RuntimeException | AssertionError e) {
      fail(call, e);
    }
  }

  private void close(HostedCall call, String reason, long nowNs) {
    call.close(reason, nowNs);
    forget(call);
    log.info("call {} closed: {}", call.id().shortForm(), reason);
  }

  /** A broken invariant: this call ends, the others run on. */
  private void fail(HostedCall call, Throwable defect) {
    try (var _ = LogContext.of(call.id())) {
      abandon(call, defect);
    }
  }

  private void abandon(HostedCall call, Throwable defect) {
    log.error("call {} failed", call.id().shortForm(), defect);
    if (!forget(call)) {
      return;
    }
    try {
      call.abandon("the call failed", System.nanoTime());
    } catch (RuntimeException | AssertionError e) {
      log.error("call {} failed once more while it was given up", call.id().shortForm(), e);
    }
    relay
        .events()
        .accept(new RelayEvent.Failed(call.id(), "The relay had to end this call: a defect."));
  }

  /** False if it is not there any more. */
  private boolean forget(HostedCall call) {
    if (!calls.remove(call.id(), call)) {
      return false;
    }
    meter.calls(-1);
    ended.accept(call.id());
    return true;
  }

  /** The DTLS driver has something for a leg. Any thread. */
  private void wake(Leg leg) {
    run(() -> onWake(leg));
  }

  private void onWake(Leg leg) {
    HostedCall call = leg.call();
    try {
      call.onWake(leg, System.nanoTime());
    } catch (RuntimeException | AssertionError e) {
      fail(call, e);
    }
    parts.ports().flush();
  }

  /** Calls have frames from their mixers. Any thread. */
  private void mixed() {
    if (mixPending.compareAndSet(false, true)) {
      run(this::onMixed);
    }
  }

  private void onMixed() {
    mixPending.set(false); // first: what is made from here on is announced again
    long nowNs = System.nanoTime();
    ticking.addAll(calls.values());
    for (HostedCall call : ticking) {
      try {
        call.onMixed(nowNs);
      } catch (RuntimeException | AssertionError e) {
        fail(call, e);
      }
    }
    ticking.clear();
    parts.ports().flush();
    boolean _ = mixPace.rest();
  }

  private void start() {
    schedule(System.nanoTime());
    parts.ports().start();
  }

  private void onTick() {
    long nowNs = System.nanoTime();
    meter.lag(Math.max(0, nowNs - nextTickNs), nowNs);
    boolean onlyMixed = !calls.isEmpty();
    ticking.addAll(calls.values());
    for (HostedCall call : ticking) {
      try {
        call.onTick(nowNs);
        onlyMixed = onlyMixed && call.isOnlyMixed();
      } catch (RuntimeException | AssertionError e) {
        fail(call, e);
      }
    }
    ticking.clear();
    parts.ports().flush();
    schedule(nowNs);
    mixPace.allow(onlyMixed && !busyPolls);
    boolean _ = mixPace.rest();
  }

  /** A late tick is not made up for: two in a row would do nothing that one does not. */
  private void schedule(long nowNs) {
    nextTickNs = mixPace.nextTickNs(nowNs);
    timer = thread.schedule(this::onTick, nextTickNs - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private void stop() {
    if (timer != null) {
      timer.cancel(false);
    }
    long nowNs = System.nanoTime();
    for (HostedCall call : List.copyOf(calls.values())) {
      try (var _ = LogContext.of(call.id())) {
        close(call, "the relay is stopping", nowNs);
      } catch (RuntimeException | AssertionError e) {
        fail(call, e);
      }
    }
    parts.ports().flush();
    parts.ports().close();
  }

  private void run(Runnable task) {
    try {
      mixPace.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the media loop has stopped", e);
    }
  }
}
