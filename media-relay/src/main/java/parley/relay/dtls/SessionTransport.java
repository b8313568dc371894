package parley.relay.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queues between a session's owner and the thread that runs Bouncy Castle's blocking
 * protocol. While that thread waits for the peer it gives its permit back, so a silent client keeps
 * nobody else from shaking hands.
 */
final class SessionTransport implements DatagramTransport {

  /** Ethernet's 1500 bytes and some; a longer datagram is no DTLS of ours. */
  static final int RECEIVE_LIMIT_BYTES = 2048;

  /** Passes every path that WebRTC passes, tunnels included. */
  static final int SEND_LIMIT_BYTES = 1200;

  /** 32 datagrams cover two DTLS flights; more is a flood. */
  private static final int INBOX = 32;

  /** Our flights have one or two datagrams; this many wait only if nobody sends them. */
  private static final int OUTBOX = 32;

  /** The only empty one: {@link #offer} takes none. */
  private static final byte[] POISON = new byte[0];

  private final Semaphore permits;
  private final Runnable wake;
  private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(INBOX);
  private final BlockingQueue<byte[]> outbox = new ArrayBlockingQueue<>(OUTBOX);
  private byte @Nullable [] flight; // while there is one: after the handshake nothing is sent
  private int flightBytes;
  private volatile boolean waitsForMore = true;

  SessionTransport(Semaphore permits, Runnable wake) {
    this.permits = permits;
    this.wake = wake;
  }

  /** False if the datagram was dropped. Any thread. */
  boolean offer(byte[] data, int offset, int length) {
    return length > 0
        && length <= RECEIVE_LIMIT_BYTES
        && inbox.offer(Arrays.copyOfRange(data, offset, offset + length));
  }

  byte @Nullable [] pollOutbox() {
    return outbox.poll();
  }

  boolean hasInput() {
    return !inbox.isEmpty();
  }

  /** From now on {@link #receive} ends with an exception. Any thread. */
  void poison() {
    waitsForMore = false;
    inbox.clear();
    inbox.offer(POISON);
  }

  /** The handshake is over: from now on {@link #receive} ends when the inbox is empty. */
  void stopWaiting() {
    waitsForMore = false;
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_LIMIT_BYTES;
  }

  @Override
  public int getSendLimit() {
    return SEND_LIMIT_BYTES;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMs) throws IOException {
    flush();
    byte[] datagram = inbox.poll();
    if (datagram == null && waitsForMore) {
      datagram = await(waitMs);
      if (datagram == null) {
        return -1; // time for a retransmission
      }
    }
    if (datagram == null || datagram.length == 0) {
      // Unlike any other exception this one leaves Bouncy Castle's connection usable.
      throw new InterruptedIOException("nothing more to read");
    }
    int copied = Math.min(length, datagram.length);
    System.arraycopy(datagram, 0, buffer, offset, copied);
    return copied;
  }

  private byte @Nullable [] await(int waitMs) throws IOException {
    permits.release();
    try {
      return inbox.poll(waitMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      permits.acquireUninterruptibly();
    }
  }

  /** Gathers the records of a flight: fewer datagrams, of which fewer can get lost. */
  @Override
  public void send(byte[] buffer, int offset, int length) {
    if (flightBytes + length > SEND_LIMIT_BYTES) {
      flush();
    }
    if (length <= SEND_LIMIT_BYTES) {
      byte[] into = flight == null ? new byte[SEND_LIMIT_BYTES] : flight;
      System.arraycopy(buffer, offset, into, flightBytes, length);
      flight = into;
      flightBytes += length;
    }
  }

  void flush() {
    if (flight != null) {
      boolean queued = outbox.offer(Arrays.copyOf(flight, flightBytes));
      flight = null;
      flightBytes = 0;
      if (queued) {
        wake.run();
      }
    }
  }

  @Override
  public void close() {
    flush();
  }
}
