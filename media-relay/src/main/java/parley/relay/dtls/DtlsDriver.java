package parley.relay.dtls;

/** Runs DTLS handshakes on threads of its own. */
public interface DtlsDriver extends AutoCloseable {

  /**
   * Waits for a client's handshake.
   *
   * @param expected the fingerprint in the peer's SDP: another certificate fails the handshake
   * @param wake runs on any thread whenever {@link DtlsSession#pollTransmit()} or {@link
   *     DtlsSession#outcome()} has something new; must be cheap
   */
  DtlsSession accept(Fingerprint expected, Runnable wake);

  /** Closes every session. */
  @Override
  void close();
}
