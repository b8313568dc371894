package parley.relay;

import java.util.Locale;

/** Why a datagram or packet went no further. Each is counted, none is logged. */
public enum Drop {
  /** First byte belongs to no protocol spoken here (RFC 7983 §7). */
  UNKNOWN_PROTOCOL,
  /**
   * DTLS or media from an address no peer has proved to own, by a connectivity check or by media
   * that is genuine.
   */
  UNKNOWN_SOURCE,
  /** Starts like STUN and is none. */
  STUN_MALFORMED,
  /** A connectivity check for nobody here: a user name fragment that is not, or no longer, ours. */
  STUN_UNKNOWN_UFRAG,
  /** A connectivity check whose integrity, user name or role does not hold. */
  STUN_REFUSED,
  /** STUN that an ICE-lite agent has nothing to do with: responses, indications. */
  STUN_UNWANTED,
  /** Media before the DTLS handshake was over, or after the peer had ended it. */
  NOT_CONNECTED,
  /** SRTP that did not authenticate, was replayed, or is too short. */
  SRTP_REFUSED,
  /** SRTCP that did not authenticate, was replayed, or is too short. */
  SRTCP_REFUSED,
  /** From another relay, for a call that is not here, or not any more. */
  TRUNK_UNKNOWN,
  /** From another relay, and forged, sent again, or not understood. */
  TRUNK_REFUSED,
  /** Really from another relay, and of one speaker more than are kept, or no audio. */
  TRUNK_UNHEARD,
  /** A packet of ours for a peer that has no path now. */
  NO_PATH,
  /** A packet of ours that did not fit a datagram once it was protected. */
  TOO_BIG,
  /** The socket took no more and its queue was full. */
  SEND_QUEUE_FULL,
  /** The way to the mixer or back was full: it is overloaded. */
  MIXER_FULL,
  /** The kernel refused a datagram: no route, port unreachable, firewall. */
  SEND_FAILED;

  /** As a value of the metric's label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
