package parley.relay.srtp;

/** Opens the {@link SrtpTransport} for what DTLS agreed on. */
public final class SrtpTransports {

  private SrtpTransports() {}

  /** Takes the keys over: closing the transport wipes them. */
  public static SrtpTransport create(SrtpKeys keys) {
    return create(keys, new CipherMemory());
  }

  /**
   * As above, for one of many on a thread.
   *
   * @param memory of that thread
   */
  public static SrtpTransport create(SrtpKeys keys, CipherMemory memory) {
    return new CryptoContext(keys, memory);
  }
}
