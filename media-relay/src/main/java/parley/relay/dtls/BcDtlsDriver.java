package parley.relay.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * DTLS 1.2 by Bouncy Castle, whose API blocks: each session gets a virtual thread while it has
 * something to do. {@code BcTlsCrypto} costs half of what the JCA binding does.
 */
public final class BcDtlsDriver implements DtlsDriver {

  private final BcTlsCrypto crypto = new CompactCrypto(new SecureRandom());
  private final DtlsCertificate certificate;
  private final Certificate chain;
  private final Semaphore permits;
  private final ThreadFactory threads = Thread.ofVirtual().name("dtls-", 0).factory();
  private final Set<BcDtlsSession> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private final LongAdder connected = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /**
   * @param maxHandshakes how many sessions may compute at once; more wait their turn. One that
   *     waits for its peer does not count.
   */
  public BcDtlsDriver(DtlsCertificate certificate, int maxHandshakes) {
    this.certificate = certificate;
    this.chain = chain(certificate);
    this.permits = new Semaphore(maxHandshakes, true);
  }

  private Certificate chain(DtlsCertificate certificate) {
    try {
      return new Certificate(new TlsCertificate[] {crypto.createCertificate(certificate.der())});
    } catch (IOException e) {
      throw new IllegalStateException("the certificate was made here", e);
    }
  }

  /** Shakes hands with itself, so that the first caller does not pay for class loading. */
  public void warm() {
    WarmUp.run(this);
  }

  @Override
  public DtlsSession accept(Fingerprint expected, Runnable wake) {
    BcDtlsSession session =
        new BcDtlsSession(
            this, new SrtpServer(crypto, certificate, chain, expected), expected, wake);
    sessions.add(session);
    return session;
  }

  /** Handshakes that ended with keys. */
  public long connectedHandshakes() {
    return connected.sum();
  }

  /** Handshakes that ended without. */
  public long failedHandshakes() {
    return failed.sum();
  }

  /** Datagrams that came too early, too late, or faster than they were read. */
  public long droppedDatagrams() {
    return dropped.sum();
  }

  /** Sessions that are not closed yet. */
  public int sessions() {
    return sessions.size();
  }

  String fingerprint() {
    return certificate.fingerprint();
  }

  /** Virtual threads at work or waiting for a peer in the middle of a handshake. */
  public int runningThreads() {
    return running.get();
  }

  Semaphore permits() {
    return permits;
  }

  void start(Runnable work) {
    running.incrementAndGet();
    threads
        .newThread(
            () -> {
              try {
                work.run();
              } finally {
                running.decrementAndGet();
              }
            })
        .start();
  }

  void dropped() {
    dropped.increment();
  }

  void count(DtlsOutcome outcome) {
    switch (outcome) {
      case DtlsOutcome.Connected _ -> connected.increment();
      case DtlsOutcome.Failed _ -> failed.increment();
      case DtlsOutcome.Closed _ -> {}
    }
  }

  void remove(BcDtlsSession session) {
    sessions.remove(session);
  }

  @Override
  public void close() {
    sessions.forEach(BcDtlsSession::close);
  }
}
