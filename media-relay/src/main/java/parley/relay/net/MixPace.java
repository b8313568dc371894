package parley.relay.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Spaces a loop's work while nobody but mixers waits for its packets: these work once in 20 ms, so
 * that waking up for every packet is of no use to anybody. The loop sleeps from one of a row of
 * moments to the next, of which every second is shortly before the mixers' own; what others have it
 * do by {@link #execute} wakes it. Owned by its loop.
 */
final class MixPace implements Executor {

  /**
   * What a packet is held up by at most. A mixer's jitter buffer keeps each for as long at least,
   * so that it is mixed in the same frame as without.
   */
  private static final long SPACING_NS = MixerThreads.FRAME_NS / 2;

  /** Enough to decrypt what a hundred people have sent since the moment before. */
  private static final long AHEAD_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventLoop thread;
  private final long firstNs;
  private final Runnable sleep = this::sleep;
  private boolean allowed;
  private boolean tired; // it sleeps when everything else is done
  private boolean behind; // but for what waits in a socket
  private long nextTickNs;
  private volatile @Nullable Thread sleeper;

  /**
   * @param mixedNs a moment at which mixers work; they do so every 20 ms
   */
  MixPace(EventLoop thread, long mixedNs) {
    this.thread = thread;
    this.firstNs = mixedNs - AHEAD_NS;
    this.nextTickNs = System.nanoTime();
  }

  /** Whether nobody but mixers waits for the loop's packets. */
  void allow(boolean onlyMixed) {
    allowed = onlyMixed;
  }

  /** A batch is done, and what it caused is sent. False: it may not sleep. */
  boolean rest() {
    if (allowed && !tired) {
      tired = true;
      sleeper = Thread.currentThread();
      thread.execute(sleep); // behind what is waiting: other tasks, other sockets
    }
    return allowed;
  }

  /** A socket may have more than was taken from it at once: that comes first. */
  void more() {
    behind = true;
  }

  private void sleep() {
    tired = false;
    boolean done = !behind;
    behind = false;
    long nowNs = System.nanoTime();
    if (allowed && done && nowNs - nextTickNs < 0) {
      LockSupport.parkNanos(this, after(nowNs, SPACING_NS) - nowNs);
    }
  }

  /** When the loop's next tick is due: shortly before mixers work, and not sooner than this. */
  long nextTickNs(long nowNs) {
    nextTickNs = after(nowNs, MixerThreads.FRAME_NS);
    return nextTickNs;
  }

  private long after(long nowNs, long periodNs) {
    return nowNs + periodNs - Math.floorMod(nowNs - firstNs, periodNs);
  }

  /**
   * Has the loop do something. Any thread.
   *
   * @throws RejectedExecutionException when it has stopped
   */
  @Override
  public void execute(Runnable task) {
    thread.execute(task);
    if (!thread.inEventLoop()) {
      LockSupport.unpark(sleeper); // should it be about to sleep, it will not
    }
  }
}
