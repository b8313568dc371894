package parley.relay.turn;

/** What may be sent to a peer's address. */
enum PeerVerdict {
  /** Everything, on every port. */
  ALLOWED,
  /** This node's own address: only its media ports and relayed addresses. */
  OWN_NODE,
  /** Nothing. */
  REFUSED
}
