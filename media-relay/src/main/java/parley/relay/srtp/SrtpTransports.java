package parley.relay.srtp;

/** Opens the {@link SrtpTransport} for what DTLS agreed on. */
public final class SrtpTransports {

  private SrtpTransports() {}

  /** Takes the keys over: closing the transport wipes them. */
  public static SrtpTransport create(SrtpKeys keys) {
    return new CryptoContext(keys);
  }
}
