package parley.load.bench.media;

import java.net.SocketException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import parley.load.bench.kernel.ClientSockets;
import parley.load.bench.kernel.DatagramSink;
import parley.relay.client.ClientCertificate;
import parley.relay.srtp.CipherMemory;
import parley.relay.srtp.PacketBuffer;
import parley.relay.stun.Ice4jStunCodec;
import parley.relay.stun.StunCodec;

/**
 * All clients of the bench, for all servers: one thread, a {@link Leg} with a socket for each path.
 *
 * <pre>
 * any thread: newLeg, talk, play, listen, murmur, converse, execute, close
 * its thread: everything else
 * </pre>
 *
 * <p>While a turn runs the thread does not sleep: a server that sends must not pay for waking its
 * listener, which on a real network is another machine.
 */
public final class Swarm implements AutoCloseable {

  /**
   * RFC 6347 §4.2.4.1: after so long a flight is sent again. Where thousands come at once and
   * nothing is lost, anything shorter would be a second load.
   */
  private static final int DTLS_RESEND_MS = 1000;

  /** How long it sleeps while nobody talks. */
  private static final int IDLE_MS = 1;

  private final String address;
  private final int dtlsResendMs;
  private final ClientSockets sockets;
  private final DatagramSink sink = this::onDatagram;
  private final StunCodec stun = new Ice4jStunCodec();
  private final ClientCertificate certificate = ClientCertificate.create();
  private final PacketBuffer buffer = new PacketBuffer();
  private final CipherMemory cipherMemory = new CipherMemory();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger turns = new AtomicInteger();
  private final Thread thread;
  private int count;

  private final PriorityQueue<Leg> checks =
      new PriorityQueue<>(Comparator.comparingLong(Leg::nextCheckNs));
  private final Tally betweenTurns = new Tally();

  /** Read on the thread, replaced by a longer one for each addition. */
  private volatile @Nullable Leg[] legs = {};

  private @Nullable Talk talk;
  private @Nullable Playback playback;
  private @Nullable Murmur murmur;
  private @Nullable Conversation conversation;
  private volatile boolean running = true;
  private long nowNs;
  private long busyNs;

  /**
   * @param address of all clients and servers, IPv4
   */
  public Swarm(String address) {
    this(address, DTLS_RESEND_MS);
  }

  /**
   * @param address of all clients and servers, IPv4
   * @param dtlsResendMs how long a client waits in a handshake before it sends a flight again; then
   *     twice as long, and so on
   */
  public Swarm(String address, int dtlsResendMs) {
    this.address = address;
    this.dtlsResendMs = dtlsResendMs;
    this.sockets = new ClientSockets(RemoteEnd.number(address));
    thread = Thread.ofPlatform().name("swarm").start(this::run);
  }

  public String address() {
    return address;
  }

  int dtlsResendMs() {
    return dtlsResendMs;
  }

  /** A new client, with a port of its own. Any thread. */
  public synchronized Leg newLeg() throws SocketException {
    int index = count++;
    Leg leg = new Leg(this, index, sockets.open(index));
    if (index == legs.length) {
      legs = Arrays.copyOf(legs, Math.max(64, 2 * legs.length));
    }
    legs[index] = leg;
    return leg;
  }

  /**
   * One turn: everyone named talks for so many packets of 20 ms, in so many nanoseconds each. One
   * turn at a time. Any thread.
   */
  public CompletableFuture<Talked> talk(List<Leg> talkers, int packetsEach, long intervalNs) {
    Talk next = new Talk(turns.incrementAndGet(), talkers, packetsEach, intervalNs);
    execute(() -> begin(next));
    return next.done();
  }

  /**
   * Everyone named says his part, for so many packets of 20 ms; one turn or playback at a time. Any
   * thread.
   *
   * @param measured whether the thread stays awake as in a turn, and {@link #keptBy} knows what
   *     each heard
   */
  public CompletableFuture<Played> play(List<Part> parts, int packetsEach, boolean measured) {
    Playback next = new Playback(parts, packetsEach, measured);
    execute(() -> begin(next));
    return next.done();
  }

  /** From now on people talk as this says, and it is told what is heard. Any thread. */
  public void converse(Conversation next) {
    execute(() -> conversation = next);
  }

  /** What each of these heard in the last playback: payloads as they came. */
  public CompletableFuture<List<List<byte[]>>> keptBy(List<Leg> listeners) {
    CompletableFuture<List<List<byte[]>>> kept = new CompletableFuture<>();
    execute(() -> kept.complete(listeners.stream().map(Leg::kept).toList()));
    return kept;
  }

  /**
   * From now on whoever {@link #murmur}s talks all the time; no turns and no playback then. Any
   * thread.
   */
  public void listen(Ear ear) {
    execute(() -> murmur = new Murmur(ear));
  }

  /** This one, who is connected, talks until his leg is closed. Any thread. */
  public void murmur(Leg leg) {
    execute(
        () -> {
          Murmur all = murmur;
          if (all != null && legs[leg.index()] == leg) {
            all.add(leg, nowNs);
          }
        });
  }

  /** How many packets of the last turn each of these heard; valid until the next turn begins. */
  public CompletableFuture<int[]> heardBy(List<Leg> listeners) {
    CompletableFuture<int[]> heard = new CompletableFuture<>();
    execute(() -> heard.complete(listeners.stream().mapToInt(leg -> leg.heard).toArray()));
    return heard;
  }

  /** Ends the thread and closes the socket. */
  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sockets.close();
  }

  /** Has its thread do something. */
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Packets that were not authentic, but for those of turns. On its thread. */
  public long refused() {
    return betweenTurns.refused;
  }

  StunCodec stun() {
    return stun;
  }

  ClientCertificate certificate() {
    return certificate;
  }

  RandomGenerator random() {
    return ThreadLocalRandom.current();
  }

  /** The one buffer for packets on their way in or out. */
  PacketBuffer buffer() {
    return buffer;
  }

  CipherMemory cipherMemory() {
    return cipherMemory;
  }

  Tally tally() {
    if (playback != null) {
      return playback.tally;
    }
    return talk == null ? betweenTurns : talk.tally;
  }

  void checkSoon(Leg leg) {
    checks.add(leg);
  }

  /** Sooner than it would be. */
  void checkNow(Leg leg) {
    boolean _ = checks.remove(leg);
    leg.checkAt(System.nanoTime());
    checks.add(leg);
  }

  void send(int client, RemoteEnd to, byte[] data, int offset, int length) {
    sockets.send(client, to.address(), to.port(), data, offset, length);
  }

  void forget(Leg leg) {
    Murmur all = murmur;
    if (all != null) {
      all.remove(leg);
    }
    sockets.close(leg.index());
    legs[leg.index()] = null;
  }

  /** A packet came out of SRTP: is it what a speaker of this turn said? */
  void onVoice(Leg listener, byte[] data, int at, int length, long heardNs) {
    if (murmur != null) {
      murmur.onVoice(listener, data, at, length, heardNs);
      return;
    }
    if (playback != null) {
      playback.onSound(listener, data, at, length);
      return;
    }
    if (conversation != null) {
      listener.onVoice(heardNs);
      conversation.onPacket(listener, data, at, length, heardNs);
      return;
    }
    Tally tally = tally();
    if (!Stamp.isIntact(data, at, length)) {
      tally.changed++;
      return;
    }
    Talk current = talk;
    if (current == null
        || Stamp.turn(data, at) != current.id()
        || Stamp.speaker(data, at) == listener.index()) {
      tally.misplaced++;
      return;
    }
    listener.onVoice(heardNs);
    tally.heard++;
    tally.latency.record(heardNs - Stamp.sentNs(data, at));
  }

  private void begin(Talk next) {
    for (Leg leg : legs) {
      if (leg != null) {
        leg.heard = 0;
      }
    }
    talk = next;
    busyNs = 0;
    next.begin(System.nanoTime());
  }

  private void begin(Playback next) {
    for (Leg leg : legs) {
      if (leg != null) {
        leg.forgetKept();
      }
    }
    playback = next;
    busyNs = 0;
    next.begin(System.nanoTime());
  }

  private void run() {
    while (running) {
      nowNs = System.nanoTime();
      boolean worked = runTasks();
      worked |= checkDue();
      Talk current = talk;
      if (current != null) {
        worked |= current.onTime(nowNs);
      }
      Murmur all = murmur;
      if (all != null) {
        worked |= all.onTime(nowNs);
      }
      Playback played = playback;
      if (played != null) {
        worked |= played.onTime(nowNs);
      }
      Conversation talking = conversation;
      if (talking != null) {
        worked |= talking.onTime(nowNs);
      }
      // Nobody to hear or to talk: it may sleep.
      boolean idle = !worked && current == null && (played == null || !played.measured());
      worked |= sockets.receive(sink, idle ? IDLE_MS : 0) > 0;
      if (current != null && current.over(nowNs)) {
        finish(current);
      }
      if (played != null && played.over(nowNs)) {
        finish(played);
      }
      if (worked) {
        busyNs += System.nanoTime() - nowNs;
      }
    }
  }

  private void finish(Talk ended) {
    talk = null;
    ended.done().complete(ended.result(busyNs, sockets.refused()));
  }

  private void finish(Playback ended) {
    playback = null;
    ended.done().complete(ended.result(busyNs));
  }

  private boolean runTasks() {
    boolean any = false;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      any = true;
    }
    return any;
  }

  private boolean checkDue() {
    boolean any = false;
    for (Leg leg = checks.peek(); leg != null && leg.nextCheckNs() <= nowNs; leg = checks.peek()) {
      checks.remove();
      if (leg.onCheckDue(nowNs)) {
        checks.add(leg);
      }
      any = true;
    }
    return any;
  }

  private void onDatagram(int client, byte[] data, int length) {
    Leg leg = legs[client];
    if (leg != null) {
      leg.onDatagram(data, length, System.nanoTime());
    }
  }
}
