package parley.signalling.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.MediaRelay;
import parley.relay.api.RelayEvent;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Team;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;

/**
 * The one thread that owns every session and every call. Sockets and the relay reach it through a
 * bounded queue, so nothing in here is ever locked or shared.
 */
public final class CallLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CallLoop.class);

  /** About a second of work at the highest rate measured; more delay helps nobody. */
  static final int QUEUE = 16_384;

  /**
   * The part of the queue that clients' events leave free: what opens and closes sessions and what
   * the relay says must not be lost in a flood, or the two sides would disagree for good.
   */
  static final int RESERVED = QUEUE / 4;

  /**
   * All that clients have said and that waits. In memory a hostile text is some thirty times as
   * large, brackets within brackets, so that this may be half of a heap of 1 GB; of honest offers
   * it is four thousand.
   */
  static final int MAX_QUEUED_BYTES = 16 << 20;

  /** Inputs handled between two looks at the clock. */
  private static final int BATCH = 256;

  private final ArrayBlockingQueue<LoopInput> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicInteger queuedBytes = new AtomicInteger();
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();

  /** What people feel of a click: nothing below 100 ms. */
  private static final Duration[] LATENCIES = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private final Counter dropped;
  private final Timer latency;
  private volatile long turnedNs = System.nanoTime();
  private final Thread thread = new Thread(this::run, "calls");
  private final EventCodec codec;
  private final SessionSettings settings;
  private final InstantSource clock;
  private final CallEvents events;
  private volatile @Nullable MediaRelay relay;
  private volatile @Nullable Cluster cluster;
  private volatile int otherNodes;
  private volatile boolean stopped;

  /**
   * @param events told what becomes of calls, on the loop's thread
   */
  public CallLoop(
      EventCodec codec,
      SessionSettings settings,
      InstantSource clock,
      MeterRegistry metrics,
      CallEvents events) {
    this.codec = codec;
    this.settings = settings;
    this.clock = clock;
    this.events = events;
    this.dropped = metrics.counter("parley.signalling.inputs.dropped");
    this.latency =
        Timer.builder("parley.signalling.latency")
            .description("From a client's frame to all that follows from it")
            .serviceLevelObjectives(LATENCIES)
            .register(metrics);
    Gauge.builder("parley.signalling.inputs.waiting", queue, ArrayBlockingQueue::size)
        .register(metrics);
    Gauge.builder("parley.signalling.sessions", sessions, AtomicInteger::get).register(metrics);
    Gauge.builder("parley.signalling.calls", calls, AtomicInteger::get).register(metrics);
  }

  /** Begins. The relay's events, which may come before, wait until now. */
  public void start(MediaRelay mediaRelay) {
    start(mediaRelay, Cluster.alone());
  }

  /** Begins, as one node of several. */
  public void start(MediaRelay mediaRelay, Cluster of) {
    cluster = of;
    relay = mediaRelay;
    thread.start();
  }

  /**
   * Somebody signed in. Any thread; never blocks.
   *
   * @return false when there is too much to do: the socket is to be closed
   */
  public boolean opened(Arrival arrival) {
    return offer(new LoopInput.Opened(arrival));
  }

  /**
   * A session just opened says that its device is in a call already. Any thread; never blocks.
   *
   * @param forgotten whether this process began after the call did
   */
  public void stillIn(SessionId session, Jid jid, CallId uid, boolean forgotten) {
    offer(new LoopInput.StillIn(session, jid, uid, forgotten));
  }

  /**
   * A client sent a frame. Any thread; never blocks.
   *
   * @param bytes how long it was
   * @return false when there is too much to do: the frame is lost, and the client to be told so
   */
  public boolean fromClient(SessionId session, Decoded frame, int bytes) {
    boolean fits = queuedBytes.addAndGet(bytes) <= MAX_QUEUED_BYTES;
    if (!fits || queue.remainingCapacity() <= RESERVED) {
      queuedBytes.addAndGet(-bytes);
      dropped.increment();
      return false;
    }
    boolean taken = offer(new LoopInput.FromClient(session, frame, bytes));
    if (!taken) {
      queuedBytes.addAndGet(-bytes);
    }
    return taken;
  }

  /**
   * A socket is gone. Any thread; never blocks.
   *
   * @return false when there is too much to do: to be told again, or the session stays for good
   */
  public boolean closed(SessionId session) {
    return offer(new LoopInput.Closed(session));
  }

  /** The relay said something. Any thread; never blocks. */
  public void fromRelay(RelayEvent event) {
    offer(new LoopInput.FromRelay(event));
  }

  /**
   * A team is like this from now on: to be said before anybody arrives in it as it is now. Any
   * thread; never blocks.
   *
   * @return false when there is too much to do: to be told again
   */
  public boolean teamChanged(Team team) {
    return offer(new LoopInput.TeamChanged(team));
  }

  /**
   * A server asks for something. Any thread; never blocks.
   *
   * @return completed on the loop's thread; fails with {@link RejectedExecutionException} when
   *     there is too much to do
   */
  public CompletableFuture<ServerReply> fromServer(ServerCommand command) {
    var reply = new CompletableFuture<ServerReply>();
    if (queue.remainingCapacity() <= RESERVED || !offer(new LoopInput.FromServer(command, reply))) {
      dropped.increment();
      reply.completeExceptionally(new RejectedExecutionException("the server is too busy"));
    }
    return reply;
  }

  /**
   * Takes no more calls, and hands those over that there are; clients stay connected.
   *
   * @return completed when there are none left
   */
  public CompletableFuture<Void> drain() {
    var done = new CompletableFuture<Void>();
    if (!offer(new LoopInput.Drain(done))) {
      done.completeExceptionally(new RejectedExecutionException("the server is too busy"));
    }
    return done;
  }

  /** Inputs that have not been handled. */
  public int waiting() {
    return queue.size();
  }

  /** Whether so much waits that clients' events will soon be refused. */
  public boolean isCrowded() {
    return queue.size() > QUEUE / 2;
  }

  /** For how long nothing was done although there is something to do. */
  public Duration overdue() {
    return queue.isEmpty() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - turnedNs);
  }

  public int sessions() {
    return sessions.get();
  }

  public int calls() {
    return calls.get();
  }

  /** Nodes of the cluster that live, without this one. */
  public int otherNodes() {
    return otherNodes;
  }

  /** Ends the thread; calls are left as they are. */
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(5));
  }

  private boolean offer(LoopInput input) {
    if (queue.offer(input)) {
      return true;
    }
    dropped.increment();
    if (!(input instanceof LoopInput.FromClient)) {
      log.error("overloaded: lost {}", input.getClass().getSimpleName());
    }
    return false;
  }

  private void run() {
    MediaRelay started = relay;
    Cluster nodes = cluster;
    if (started == null || nodes == null) {
      throw new IllegalStateException("started without a relay");
    }
    var switchboard =
        new Switchboard(
            codec,
            settings,
            started,
            clock,
            () -> new CallId(UUID.randomUUID().toString()),
            events,
            nodes,
            step -> offer(new LoopInput.Step(step)));
    guarded("the beginning", () -> switchboard.begin(System.nanoTime()));
    List<LoopInput> batch = new ArrayList<>(BATCH);
    while (!stopped) {
      try {
        await(switchboard.nextDeadlineNs(), batch);
      } catch (InterruptedException e) {
        continue; // only close() interrupts
      }
      long nowNs = System.nanoTime();
      turnedNs = nowNs;
      for (LoopInput input : batch) {
        guarded(input.getClass().getSimpleName(), () -> switchboard.on(input, nowNs));
        if (input instanceof LoopInput.FromClient said) {
          queuedBytes.addAndGet(-said.bytes());
          latency.record(System.nanoTime() - said.atNs(), TimeUnit.NANOSECONDS);
        }
      }
      batch.clear();
      guarded("time", () -> switchboard.onTime(nowNs));
      sessions.set(switchboard.sessions());
      calls.set(switchboard.calls());
      otherNodes = switchboard.otherNodes();
    }
    guarded("the end", () -> switchboard.stop(System.nanoTime()));
  }

  private void await(long deadlineNs, List<LoopInput> batch) throws InterruptedException {
    long waitNs =
        deadlineNs == Long.MAX_VALUE
            ? TimeUnit.MINUTES.toNanos(1)
            : Math.max(0, deadlineNs - System.nanoTime());
    LoopInput first = queue.poll(waitNs, TimeUnit.NANOSECONDS);
    if (first != null) {
      batch.add(first);
      queue.drainTo(batch, BATCH - 1);
    }
  }

  /** A defect of ours costs what it happened to, never the thread that serves everyone. */
  private static void guarded(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      log.error("a defect while handling {}", what, e);
    }
  }
}
