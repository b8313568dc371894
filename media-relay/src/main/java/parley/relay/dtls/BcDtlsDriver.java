package parley.relay.dtls;

/** DTLS 1.2 by Bouncy Castle. */
public final class BcDtlsDriver implements DtlsDriver {

  public BcDtlsDriver(DtlsCertificate certificate, int maxHandshakes) {}

  /** Runs one handshake with itself, so that the first caller does not pay for class loading. */
  public void warm() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DtlsSession accept(Fingerprint expected, Runnable wake) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
