package parley.relay.dtls;

/** The relay's own certificate. */
public final class DtlsCertificate {

  private DtlsCertificate() {}

  public static DtlsCertificate create() {
    return new DtlsCertificate();
  }

  /** As in SDP: {@code sha-256 AB:CD:…}. */
  public String fingerprint() {
    throw new UnsupportedOperationException();
  }
}
