package parley.relay.recording;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.LogContext;
import parley.relay.api.RecordingHealth;
import parley.relay.api.RelayEvent;
import parley.relay.evidence.SigningKey;
import parley.relay.vault.KeyRing;
import parley.relay.vault.KeySupply;

/**
 * Records calls: one thread owns every file of every recording, and comes by often enough that the
 * media loops never have to wake it.
 *
 * <p>At the start a second thread looks for what a crash has left behind and ends with that.
 */
public final class Recorder implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  /** 20 ms: a packet's length, and a hundredth of what a tap's ring holds. */
  private static final long PAUSE_NS = 20_000_000L;

  /** With nothing to record; opening a recording wakes the thread. */
  private static final long IDLE_NS = 1_000_000_000L;

  /** 10 s between looks at a disk that is full. */
  private static final long RECOVER_AGAIN_NS = 10_000_000_000L;

  /** The disk gets so long for the last pages of all recordings. */
  private static final long CLOSE_MS = 30_000;

  /**
   * After each {@code call.json} ten times as long goes to audio: a slow disk then means older
   * descriptions, never late tracks.
   */
  private static final int DESCRIBE_SHARE = 10;

  private final Path directory;
  private final Clock clock;
  private final SigningKey key;
  private final @Nullable KeySupply keys;
  private final Consumer<RelayEvent> events;
  private final Queue<Opening> openings = new ConcurrentLinkedQueue<>();
  private final Set<Path> own = ConcurrentHashMap.newKeySet();
  private final RecorderMeter meter = new RecorderMeter();
  private final HealthWatch health;
  private final Thread thread;
  private final Thread recovery;
  private final CountDownLatch recovered = new CountDownLatch(1);
  private volatile boolean closing;

  // The recorder thread's.
  private final List<Running> running = new ArrayList<>();
  private long nextDescriptionNs = System.nanoTime();
  private int describedLast;

  /**
   * @param aheadNs the media loop's time less {@link System#nanoTime}
   */
  private record Running(RecordingSession session, long aheadNs) {}

  private record Opening(
      CallId call, CallInfo info, RingTap tap, Instant started, long nowNs, long aheadNs) {}

  /**
   * @param directory holds one folder a recorded call; made when missing
   * @param clock UTC for names and {@code call.json}
   * @param key signs what was recorded
   * @param events told Recording and RecordingReady, on the recorder's thread, and RecordingFound,
   *     on a thread of its own; must not block
   */
  public Recorder(Path directory, Clock clock, SigningKey key, Consumer<RelayEvent> events) {
    this(directory, clock, key, KeyRing.NONE, events);
  }

  /**
   * The same, encrypting what it records.
   *
   * @param ring without keys that wrap nothing is encrypted
   */
  public Recorder(
      Path directory, Clock clock, SigningKey key, KeyRing ring, Consumer<RelayEvent> events) {
    this.directory = directory.toAbsolutePath();
    this.clock = clock;
    this.key = key;
    this.keys = ring.protects() ? new KeySupply(ring) : null;
    this.events = event -> tell(events, event);
    InterruptedRecordings leftovers =
        new InterruptedRecordings(this.directory, own, clock, key, this.events);
    recovery =
        Thread.ofPlatform().name("recordings-recovery").daemon().start(() -> recover(leftovers));
    health = new HealthWatch(checks());
    thread = Thread.ofPlatform().name("recorder").daemon().start(this::run);
  }

  /**
   * Begins to record a call. Never blocks and never fails: whether the files could be opened is
   * told by {@link RelayEvent.Recording}. Any media loop, which then owns the tap.
   *
   * @param nowNs the loop's monotonic time: the instant at which every track starts
   */
  public RecordingTap open(CallId call, CallInfo info, long nowNs) {
    RingTap tap = new RingTap(meter);
    openings.add(new Opening(call, info, tap, clock.instant(), nowNs, nowNs - System.nanoTime()));
    LockSupport.unpark(thread);
    return tap;
  }

  /** Whether a call that began now could be recorded, as of some seconds ago. */
  public RecordingHealth health() {
    return health.now();
  }

  /** What it counts. */
  public RecorderMeter meter() {
    return meter;
  }

  /** Returns when what earlier processes left behind has been looked at, and closed if it could. */
  public void awaitRecovery() throws InterruptedException {
    recovered.await();
  }

  /** What a full disk does not let us close is tried again. */
  private void recover(InterruptedRecordings leftovers) {
    boolean done = leftovers.mark();
    recovered.countDown();
    while (!done && !closing) {
      LockSupport.parkNanos(this, RECOVER_AGAIN_NS);
      done = Thread.interrupted() || leftovers.mark();
    }
  }

  /** Closes every recording that is still open. Returns when the files are on disk. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    recovery.interrupt();
    health.close();
    if (keys != null) {
      keys.close();
    }
    try {
      thread.join(CLOSE_MS);
      recovery.join(CLOSE_MS);
      if (thread.isAlive()) {
        log.error("recordings are not closed after {} ms: the disk does not answer", CLOSE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    refuse();
  }

  private List<HealthWatch.Check> checks() {
    List<HealthWatch.Check> checks = new ArrayList<>(HealthWatch.checks(directory, clock, key));
    if (keys != null) {
      checks.add(keys::trouble);
    }
    return checks;
  }

  /** A listener that breaks must not take the other calls' recordings with it. */
  private static void tell(Consumer<RelayEvent> events, RelayEvent event) {
    try {
      events.accept(event);
    } catch (RuntimeException e) {
      log.error("{} was not taken", event, e);
    }
  }

  private void run() {
    while (!closing) {
      takeOpenings();
      boolean more = false;
      long oldestNs = 0;
      for (Running r : running) {
        try (var _ = LogContext.of(r.session().call())) {
          more |= r.session().work(System.nanoTime() + r.aheadNs());
        }
        oldestNs = Math.max(oldestNs, r.session().takeOldestNs());
      }
      meter.pass(oldestNs);
      running.removeIf(r -> r.session().over());
      meter.running(running.size());
      describeOne();
      if (!more && !closing) {
        LockSupport.parkNanos(this, running.isEmpty() && openings.isEmpty() ? IDLE_NS : PAUSE_NS);
      }
    }
    takeOpenings();
    for (Running r : running) {
      try (var _ = LogContext.of(r.session().call())) {
        r.session().end(System.nanoTime() + r.aheadNs());
      }
    }
    running.clear();
  }

  private void takeOpenings() {
    if (!recovery.isAlive()) {
      own.clear(); // nobody asks any more
    }
    Opening o;
    while ((o = openings.poll()) != null) {
      endEarlier(o.call());
      RecordingSession session =
          new RecordingSession(
              o.call(),
              o.info(),
              o.tap(),
              o.started(),
              o.nowNs(),
              directory,
              own,
              clock,
              key,
              keys,
              events,
              meter);
      running.add(new Running(session, o.aheadNs()));
    }
  }

  /**
   * A call that is recorded again has closed its earlier tap: what is left in there is written
   * first, so that "off" of the earlier recording is never told after "on" of the new one.
   */
  private void endEarlier(CallId call) {
    for (Running r : running) {
      if (r.session().call().equals(call)) {
        while (r.session().work(System.nanoTime() + r.aheadNs())) {
          // until its tap is empty
        }
      }
    }
  }

  /** Brings one {@code call.json} up to date, the next one the next time. */
  private void describeOne() {
    long before = System.nanoTime();
    if (before < nextDescriptionNs) {
      return;
    }
    for (int i = 0; i < running.size(); i++) {
      describedLast = (describedLast + 1) % running.size();
      Running r = running.get(describedLast);
      if (r.session().refresh(before + r.aheadNs())) {
        long now = System.nanoTime();
        nextDescriptionNs = now + DESCRIBE_SHARE * (now - before);
        return;
      }
    }
  }

  private void refuse() {
    Opening o;
    while ((o = openings.poll()) != null) {
      o.tap().kill();
      events.accept(new RelayEvent.Recording(o.call(), false, "The recorder is shutting down."));
    }
  }
}
