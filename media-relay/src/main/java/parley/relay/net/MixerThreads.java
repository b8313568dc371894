package parley.relay.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import parley.relay.LoopMeter;
import parley.relay.api.CallId;
import parley.relay.opus.Opus;

/**
 * Threads on which calls are mixed, so that no packet that is forwarded waits for a codec. Each has
 * whole calls, and wakes up once in 20 ms for all of them, and not at all without any. All work at
 * the same moments, so that media loops may know these. Any thread.
 */
final class MixerThreads implements AutoCloseable {

  static final long FRAME_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final List<Worker> workers = new ArrayList<>();
  private final boolean available = Opus.isAvailable();
  private final long beganNs = System.nanoTime();
  private volatile boolean closed;

  /**
   * @param count how many threads
   */
  MixerThreads(int count) {
    for (int i = 0; i < count; i++) {
      Worker worker = new Worker();
      workers.add(worker);
      Thread.ofPlatform().daemon().name("mixer-" + i).start(worker);
    }
  }

  /** A call's mixer begins, on the thread that has the fewest; null when nothing can be mixed. */
  @Nullable MixSession open(CallId call, LoopMeter meter, Runnable wake) {
    if (!available) {
      return null;
    }
    Worker least = workers.getFirst();
    for (Worker worker : workers) {
      if (worker.load.get() < least.load.get()) {
        least = worker;
      }
    }
    MixSession session = new MixSession(call, meter, wake);
    least.add(session);
    return session;
  }

  /** A moment at which they work, on {@link System#nanoTime}; all others are whole frames away. */
  long beganNs() {
    return beganNs;
  }

  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker.thread);
    }
  }

  private final class Worker implements Runnable {
    final AtomicInteger load = new AtomicInteger();
    private final Queue<MixSession> added = new ConcurrentLinkedQueue<>();
    private final List<MixSession> sessions = new ArrayList<>();
    private volatile @Nullable Thread thread;

    void add(MixSession session) {
      load.incrementAndGet();
      added.add(session);
      LockSupport.unpark(thread);
    }

    @Override
    public void run() {
      thread = Thread.currentThread();
      long nextNs = after(System.nanoTime());
      while (!closed) {
        long nowNs = System.nanoTime();
        if (nowNs - nextNs >= 0) {
          nextNs = after(nowNs);
          mix(nextNs - FRAME_NS); // behind: each session catches up by itself
        }
        if (sessions.isEmpty() && added.isEmpty()) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, nextNs - System.nanoTime());
        }
      }
    }

    /** The next moment to work at. */
    private long after(long nowNs) {
      return nowNs + FRAME_NS - Math.floorMod(nowNs - beganNs, FRAME_NS);
    }

    /**
     * @param nowNs the moment that it was to be done at: the clock of the sound, which knows no
     *     delay
     */
    private void mix(long nowNs) {
      MixSession session;
      while ((session = added.poll()) != null) {
        sessions.add(session);
      }
      for (int i = sessions.size() - 1; i >= 0; i--) {
        if (!sessions.get(i).run(nowNs)) {
          sessions.set(i, sessions.getLast());
          sessions.removeLast();
          load.decrementAndGet();
        }
      }
    }
  }
}
