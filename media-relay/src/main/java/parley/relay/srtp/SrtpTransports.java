package parley.relay.srtp;

/** Opens the {@link SrtpTransport} for what DTLS agreed on. */
public final class SrtpTransports {

  private SrtpTransports() {}

  public static SrtpTransport create(SrtpKeys keys) {
    throw new UnsupportedOperationException();
  }
}
