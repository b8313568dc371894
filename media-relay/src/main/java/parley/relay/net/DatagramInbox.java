package parley.relay.net;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Datagrams that one loop of this process has for another one, instead of the kernel. Any thread
 * puts them in, the loop takes them out.
 */
final class DatagramInbox {

  /** As many as a socket's buffer holds of audio; what waits longer is of no use. */
  static final int CAPACITY = 4096;

  /** Takes what waits, on its own thread. */
  interface Taker {
    void onDatagram(Waiting datagram);

    /** No more for now: flush. */
    void onBatchEnd();
  }

  /** The bytes are the taker's. */
  record Waiting(InetSocketAddress from, InetSocketAddress to, byte[] data) {}

  private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicBoolean announced = new AtomicBoolean();
  private final Executor thread;
  private final Taker taker;

  DatagramInbox(Executor thread, Taker taker) {
    this.thread = thread;
    this.taker = taker;
  }

  /** Copies the datagram. False when the inbox is full: it is lost, as it would be in a socket. */
  boolean offer(
      InetSocketAddress from, InetSocketAddress to, byte[] data, int offset, int lengthBytes) {
    byte[] copy = Arrays.copyOfRange(data, offset, offset + lengthBytes);
    if (!queue.offer(new Waiting(from, to, copy))) {
      return false;
    }
    if (announced.compareAndSet(false, true)) {
      try {
        thread.execute(this::drain);
      } catch (RejectedExecutionException e) {
        return false; // that loop has stopped
      }
    }
    return true;
  }

  private void drain() {
    announced.set(false); // what comes from now on is announced again
    int most = CAPACITY; // others have their turn, too
    for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
      taker.onDatagram(next);
      if (--most == 0 && announced.compareAndSet(false, true)) {
        thread.execute(this::drain);
        break;
      }
    }
    taker.onBatchEnd();
  }
}
