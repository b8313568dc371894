package parley.relay;

import java.util.Locale;

/** How a client's address of the selected pair came about (RFC 8445 §5.1.1). */
public enum CandidateKind {
  /** One of the client's own interfaces. */
  HOST,
  /** Seen by a STUN server. */
  SRFLX,
  /**
   * Told by no candidate: seen by the relay only. Browsers that hide their addresses, many NATs.
   */
  PRFLX,
  /** Of a TURN server. */
  RELAY;

  /** As a value of the metric's label, and as in SDP. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
