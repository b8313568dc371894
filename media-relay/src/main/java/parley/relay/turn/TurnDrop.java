package parley.relay.turn;

import java.util.Locale;

/** Why something that came was not answered or relayed. Each is counted, none is logged. */
public enum TurnDrop {
  /** Neither STUN nor ChannelData. */
  UNKNOWN_PROTOCOL,
  /** Starts like STUN or ChannelData and is none. */
  MALFORMED,
  /** A STUN message that a server has nothing to do with. */
  UNWANTED,
  /** Data from a client that has no allocation. */
  NO_ALLOCATION,
  /** ChannelData on a channel that is bound to nobody. */
  NO_CHANNEL,
  /** Data for or from a peer without a permission. */
  NO_PERMISSION,
  /** A port of this node that is neither a media port nor a relayed one. */
  OWN_PORT,
  /** More bytes than the user, or all users together, may relay. */
  BANDWIDTH,
  /** Too many questions without credentials from one address. */
  STRANGER,
  /** Too many wrong credentials. */
  FAILED_TOO_OFTEN,
  /** Longer than anything that is relayed, and so perhaps cut off. */
  TOO_BIG,
  /** A socket or connection took no more and its queue was full. */
  SEND_QUEUE_FULL,
  /** The kernel refused a datagram: no route, port unreachable, firewall. */
  SEND_FAILED,
  /** A connection beyond those allowed, or one that allocated nothing in time. */
  CONNECTION_REFUSED;

  /** As a value of the metric's label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
