package parley.relay;

import java.util.Locale;

/** How a leg, one peer's path to the relay, ended. */
public enum LegOutcome {
  /** The peer or signalling ended it after media had flowed. */
  COMPLETED,
  /** Ended by the peer or signalling before it was connected. */
  ABANDONED,
  /** Another leg of the same peer took over. */
  REPLACED,
  /** No connectivity check ever came. */
  NEVER_CHECKED,
  /** The handshake failed, or never began. */
  HANDSHAKE_FAILED,
  /** Connectivity checks ceased (RFC 7675). */
  CONSENT_LAPSED,
  /** The call was given up because of a defect of the relay. */
  FAILED;

  /** As a value of the metric's label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
