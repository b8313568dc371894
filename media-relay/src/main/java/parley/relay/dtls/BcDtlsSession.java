package parley.relay.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.srtp.SrtpKeys;

/**
 * One session: a virtual thread runs it while there is something to do and at no other time. The
 * first handshake record starts the thread, which ends with the handshake. Later datagrams (a
 * client that missed our last flight, or says goodbye) start it anew for as long as it takes to
 * read them.
 */
final class BcDtlsSession implements DtlsSession {

  private static final Logger log = LoggerFactory.getLogger(BcDtlsSession.class);

  /** First byte of a record that belongs to a handshake (RFC 6347 §4.1). */
  private static final int HANDSHAKE_RECORD = 22;

  /**
   * A handshake over a bad path takes fifty, and after it there is nothing to say but goodbye: more
   * is a client that keeps us decrypting. Its media goes on without DTLS.
   */
  private static final int LIFETIME_DATAGRAMS = 512;

  private final BcDtlsDriver driver;
  private final SrtpServer server;
  private final Fingerprint expected;
  private final Runnable wake;
  private final SessionTransport transport;

  /** Who sets it owns {@code connection} and {@code server} until he clears it. */
  private final AtomicBoolean running = new AtomicBoolean();

  private @Nullable DTLSTransport connection;
  private boolean outcomeIsNew;
  private volatile @Nullable DtlsOutcome outcome;
  private volatile boolean closed;

  /** Belongs to the thread that calls {@link #onDatagram}. */
  private int accepted;

  BcDtlsSession(BcDtlsDriver driver, SrtpServer server, Fingerprint expected, Runnable wake) {
    this.driver = driver;
    this.server = server;
    this.expected = expected;
    this.wake = wake;
    this.transport = new SessionTransport(driver.permits(), wake);
  }

  @Override
  public void onDatagram(byte[] data, int offset, int length) {
    boolean wanted = accepted > 0 || (length > 0 && data[offset] == HANDSHAKE_RECORD);
    if (!wanted
        || closed
        || over()
        || accepted == LIFETIME_DATAGRAMS
        || !transport.offer(data, offset, length)) {
      driver.dropped();
      return;
    }
    accepted++;
    run();
  }

  /** Failed or closed: nothing of the peer's matters any more. */
  private boolean over() {
    DtlsOutcome now = outcome;
    return now != null && !(now instanceof DtlsOutcome.Connected);
  }

  private void run() {
    if (running.compareAndSet(false, true)) {
      driver.start(this::work);
    }
  }

  private void work() {
    driver.permits().acquireUninterruptibly();
    try {
      if (connection == null) {
        shakeHands();
      } else {
        readOn(connection);
      }
    } finally {
      driver.permits().release();
    }
    boolean done = closed || over();
    if (done) {
      end();
    }
    if (outcomeIsNew) {
      outcomeIsNew = false;
      wake.run();
    }
    running.set(false);
    if (!done && (transport.hasInput() || closed)) {
      run(); // came while we were about to stop
    }
  }

  /** Says goodbye if there is anybody to say it to. Only for whoever holds {@code running}. */
  private void end() {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        log.debug("no close_notify: {}", e.toString());
      }
      if (!over()) {
        outcome = new DtlsOutcome.Closed();
      }
    }
    transport.flush();
    driver.remove(this);
  }

  private void shakeHands() {
    if (closed) {
      return;
    }
    try {
      connection = new DTLSServerProtocol().accept(server, transport);
      transport.stopWaiting();
      SrtpKeys keys = server.keys();
      become(
          keys == null
              ? new DtlsOutcome.Failed(DtlsOutcome.Why.OTHER, "The DTLS handshake yielded no keys.")
              : new DtlsOutcome.Connected(keys, expected.sdpValue()));
    } catch (IOException | RuntimeException e) {
      become(new DtlsOutcome.Failed(kind(e), why(e)));
    }
    transport.flush();
  }

  private void become(DtlsOutcome next) {
    outcome = next;
    outcomeIsNew = true;
    driver.count(next);
  }

  private DtlsOutcome.Why kind(Exception e) {
    if (server.wrongFingerprint()) {
      return DtlsOutcome.Why.FINGERPRINT;
    }
    return e instanceof TlsTimeoutException ? DtlsOutcome.Why.TIMEOUT : DtlsOutcome.Why.OTHER;
  }

  private String why(Exception e) {
    if (closed) {
      return "The call was left during the DTLS handshake.";
    }
    String refusal = server.refusal();
    if (refusal != null) {
      return refusal;
    }
    return switch (e) {
      case TlsTimeoutException _ ->
          "The DTLS handshake did not finish in time: datagrams to or from the client get lost.";
      case TlsFatalAlertReceived alert ->
          "The client refused the DTLS handshake: "
              + AlertDescription.getText(alert.getAlertDescription())
              + ".";
      case TlsFatalAlert alert ->
          "The DTLS handshake failed: "
              + AlertDescription.getText(alert.getAlertDescription())
              + ".";
      default -> {
        log.warn("DTLS handshake broke", e);
        yield "The DTLS handshake broke off inside the relay.";
      }
    };
  }

  /** Bouncy Castle answers a repeated last flight of the client with ours (RFC 6347 §4.2.4). */
  private void readOn(DTLSTransport connected) {
    byte[] ignored = new byte[SessionTransport.RECEIVE_LIMIT_BYTES];
    try {
      while (!server.peerSaidGoodbye()) {
        connected.receive(ignored, 0, ignored.length, 1); // application data has no use here
      }
    } catch (InterruptedIOException e) {
      // the inbox is empty
    } catch (IOException | RuntimeException e) {
      log.debug("DTLS connection ended: {}", e.toString());
    }
    if (server.peerSaidGoodbye()) {
      become(new DtlsOutcome.Closed());
    }
    transport.flush();
  }

  @Override
  public byte @Nullable [] pollTransmit() {
    return transport.pollOutbox();
  }

  @Override
  public @Nullable DtlsOutcome outcome() {
    return outcome;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    transport.poison();
    if (!running.compareAndSet(false, true)) {
      return; // its thread finds the poison and ends what there is to end
    }
    end();
    running.set(false);
  }
}
