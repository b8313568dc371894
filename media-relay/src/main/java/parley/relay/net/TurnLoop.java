package parley.relay.net;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.turn.ClientLink;
import parley.relay.turn.OwnMedia;
import parley.relay.turn.Relay;
import parley.relay.turn.RelaySocket;
import parley.relay.turn.RelaySockets;
import parley.relay.turn.TurnMeter;
import parley.relay.turn.TurnServer;
import parley.relay.turn.TurnSettings;

/**
 * The one thread of a TURN server: all its sockets and connections are read, and written, here.
 *
 * <pre>
 * from sockets and connections: onClientMessage, onPeerDatagram, onDisconnect
 * from media loops:             inbox (any thread) -> onDatagram, onBatchEnd
 * from the timer:               onTick
 * </pre>
 *
 * What is sent is flushed when everything that was ready has been read: one system call a socket,
 * whatever number of clients it was for.
 */
final class TurnLoop implements RelaySockets, DatagramInbox.Taker {

  private static final Logger log = LoggerFactory.getLogger(TurnLoop.class);

  /**
   * A frame on a stream: more than any datagram that could be relayed, with room for what tells its
   * way.
   */
  static final int MAX_MESSAGE_BYTES = 4096;

  /**
   * Between rounds that were mostly of indications or for this node's own media, and between all
   * when it is busy: an eightieth of a packet's sound; a dozen packets share a wake-up at 50,000 a
   * second.
   */
  private static final long ROUND_SPACING_NS = TimeUnit.MICROSECONDS.toNanos(250);

  /** With fewer, too few share a rest for what it costs. */
  private static final long BUSY_PACKETS_A_SECOND = 40_000;

  private static final long TICK_S = 1;

  private final EventLoop thread;
  private final UdpTransport transport;
  private final TurnMeter meter;
  private final TurnConnections connections;
  private final TurnServer server;
  private final byte[] scratch =
      new byte[TurnServer.HEADROOM_BYTES + MAX_MESSAGE_BYTES + TurnServer.TAILROOM_BYTES];
  private final List<TurnOutlet> unflushed = new ArrayList<>();
  private final DatagramInbox inbox;
  private final Set<InetSocketAddress> relayed = ConcurrentHashMap.newKeySet();
  private final Runnable roundEnd = this::onRoundEnd;
  private final TurnBatches batches;
  private final BatchPace pace = new BatchPace(ROUND_SPACING_NS, System.nanoTime());
  private final Busyness busyness = new Busyness(BUSY_PACKETS_A_SECOND, System.nanoTime());
  private boolean inRound;
  private long relayedBefore;
  private long patientBefore;
  private long fromOwnMedia;
  private long nowNs;
  private @Nullable Future<?> timer;

  TurnLoop(
      EventLoop thread,
      UdpTransport transport,
      TurnSettings settings,
      OwnMedia media,
      int connections,
      TurnMeter meter) {
    this.thread = thread;
    this.transport = transport;
    this.meter = meter;
    this.connections = new TurnConnections(connections);
    this.batches = new TurnBatches(meter);
    this.inbox = new DatagramInbox(thread, this);
    this.server =
        new TurnServer(settings, this, media, InstantSource.system(), meter, System.nanoTime());
  }

  /**
   * Binds the port that clients send to. Any thread but the loop's.
   *
   * @throws PortUnavailable with the operating system's reason as its cause
   */
  TurnPort listen(InetSocketAddress address) {
    Future<TurnPort> bound = thread.submit(() -> transport.open(this, address, null));
    try {
      return bound.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new PortUnavailable("cannot bind UDP " + address, cause == null ? e : cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PortUnavailable("interrupted while UDP " + address + " was bound", e);
    }
  }

  /** Any thread. */
  void start() {
    timer = thread.scheduleAtFixedRate(this::onTick, TICK_S, TICK_S, TimeUnit.SECONDS);
  }

  EventLoop thread() {
    return thread;
  }

  TurnMeter meter() {
    return meter;
  }

  TurnConnections connections() {
    return connections;
  }

  /** Where a message is put before it is handed in, after the head room. */
  byte[] scratch() {
    return scratch;
  }

  /** What the kernel's datagrams lie in. */
  TurnBatches batches() {
    return batches;
  }

  void onClientMessage(ClientLink link, InetSocketAddress client, int offset, int lengthBytes) {
    beginRound();
    try {
      server.onClientMessage(link, client, scratch, offset, lengthBytes, nowNs);
    } catch (RuntimeException | AssertionError e) {
      log.error("a message of {} could not be handled", MaskedAddress.of(client), e);
    }
  }

  void onPeerDatagram(Relay relay, InetSocketAddress peer, int offset, int lengthBytes) {
    beginRound();
    try {
      server.onPeerDatagram(relay, peer, scratch, offset, lengthBytes, nowNs);
    } catch (RuntimeException | AssertionError e) {
      log.error("a datagram of a peer could not be handled", e);
    }
  }

  void onDisconnect(ClientLink link, InetSocketAddress client) {
    beginRound();
    server.onDisconnect(link, client, nowNs);
  }

  /** What media loops have for relayed addresses. Any thread may offer. */
  DatagramInbox inbox() {
    return inbox;
  }

  /** Any thread. */
  boolean hasRelayed(InetSocketAddress shown) {
    return relayed.contains(shown);
  }

  @Override
  public void onDatagram(DatagramInbox.Waiting datagram) {
    Relay relay = server.relayAt(datagram.to());
    int length = datagram.data().length;
    if (relay == null || length > MAX_MESSAGE_BYTES) {
      return; // it has ended meanwhile
    }
    fromOwnMedia++;
    System.arraycopy(datagram.data(), 0, scratch, TurnServer.HEADROOM_BYTES, length);
    onPeerDatagram(relay, datagram.from(), TurnServer.HEADROOM_BYTES, length);
  }

  /** What came was sent on; the end of the round flushes it. */
  @Override
  public void onBatchEnd() {}

  /** The clock is read once for all that is ready now; then the loop runs its tasks. */
  void beginRound() {
    if (!inRound) {
      inRound = true;
      nowNs = System.nanoTime();
      thread.execute(roundEnd);
    }
  }

  /** At the end of this round. */
  void flushLater(TurnOutlet outlet) {
    beginRound();
    unflushed.add(outlet);
  }

  private void onRoundEnd() {
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flush();
    }
    unflushed.clear();
    batches.flush();
    inRound = false;
    long relayed = meter.packetsRelayed() - relayedBefore;
    long patient = meter.patient() + fromOwnMedia - patientBefore;
    relayedBefore += relayed;
    patientBefore += patient;
    // While there is time enough, nobody who has a channel to a peer elsewhere waits for what a
    // rest saves of it.
    if (busyness.after(relayed, nowNs) || (patient > 0 && 2 * patient >= relayed)) {
      pace.rest();
    }
  }

  private void onTick() {
    try {
      long now = System.nanoTime();
      server.onTick(now);
      connections
          .unused(now, each -> server.hasAllocation(each, each.client(), now))
          .forEach(TurnConnection::close);
    } catch (RuntimeException | AssertionError e) {
      log.error("the TURN server's timer failed", e);
    }
  }

  @Override
  public @Nullable RelaySocket open(InetSocketAddress local, Relay relay) {
    try {
      TurnPort socket = transport.open(this, local, relay);
      relayed.add(relay.shown());
      return socket;
    } catch (IOException e) {
      log.debug("relayed port {} cannot be had: {}", local.getPort(), e.getMessage());
      return null;
    }
  }

  void onRelayClosed(Relay relay) {
    relayed.remove(relay.shown());
  }

  @Override
  public boolean canForbidFragments() {
    return transport == UdpTransport.EPOLL;
  }

  /** Ends all allocations and connections, and closes the ports. Any thread but the loop's. */
  void close(List<TurnPort> listening) {
    thread.submit(() -> stop(listening)).awaitUninterruptibly();
  }

  private void stop(List<TurnPort> listening) {
    if (timer != null) {
      timer.cancel(false);
    }
    connections.all().forEach(TurnConnection::close);
    server.close();
    onRoundEnd();
    listening.forEach(TurnPort::close);
  }
}
