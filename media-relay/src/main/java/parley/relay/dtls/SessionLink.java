package parley.relay.dtls;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;

/** Connects a DTLS client on this thread straight to a session: no network between. */
class SessionLink implements DatagramTransport {

  private final DtlsSession session;
  private final Semaphore news = new Semaphore(0);

  SessionLink(DtlsDriver driver, Fingerprint client) {
    this.session = driver.accept(client, news::release);
  }

  DtlsSession session() {
    return session;
  }

  @Override
  public int getReceiveLimit() {
    return SessionTransport.RECEIVE_LIMIT_BYTES;
  }

  @Override
  public int getSendLimit() {
    return SessionTransport.SEND_LIMIT_BYTES;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMs) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
    byte[] datagram = session.pollTransmit();
    while (datagram == null) {
      try {
        if (!news.tryAcquire(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return -1;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return -1;
      }
      datagram = session.pollTransmit();
    }
    int copied = Math.min(length, datagram.length);
    System.arraycopy(datagram, 0, buffer, offset, copied);
    return copied;
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    session.onDatagram(buffer, offset, length);
  }

  @Override
  public void close() {
    // the session stays its owner's
  }
}
