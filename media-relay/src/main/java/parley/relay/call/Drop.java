package parley.relay.call;

/** Why a packet of a peer went no further. Each is counted by itself. */
public enum Drop {
  /** Not an RTP packet. */
  HEADER,
  /** The peer's offer has no section in which it sends. */
  NO_MICROPHONE,
  /** Not the Opus of the answer. */
  PAYLOAD_TYPE,
  /** Empty, or longer than a datagram should be. */
  PAYLOAD_SIZE,
  /** Another stream while the current one is still heard. */
  SSRC,
  /** Faster than any audio is. */
  FLOOD,
  /** The peer is muted. */
  MUTED
}
