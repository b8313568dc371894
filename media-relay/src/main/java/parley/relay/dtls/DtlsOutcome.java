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
  record Failed(Why why, String reason) implements DtlsOutcome {}

  /** Why a handshake failed, as far as the remedies differ. */
  enum Why {
    /** The peer's certificate is not the one its SDP promised. */
    FINGERPRINT,
    /** It did not finish in time. */
    TIMEOUT,
    /** An alert, no common profile, a defect. */
    OTHER
  }

  /** Was connected; the peer said goodbye (close_notify) or the session was closed here. */
  record Closed() implements DtlsOutcome {}
}
