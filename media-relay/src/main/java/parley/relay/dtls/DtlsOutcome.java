package parley.relay.dtls;

import parley.relay.srtp.SrtpKeys;

/** What became of a {@link DtlsSession}. */
public sealed interface DtlsOutcome {

  /**
   * The handshake is done and the peer's certificate is the one its SDP promised.
   *
   * @param fingerprint the peer's, as in SDP
   */
  record Connected(SrtpKeys keys, String fingerprint) implements DtlsOutcome {}

  /**
   * There will be no keys.
   *
   * @param reason one sentence for a person
   */
  record Failed(String reason) implements DtlsOutcome {}

  /** Was connected; the peer said goodbye (close_notify) or the session was closed here. */
  record Closed() implements DtlsOutcome {}
}
