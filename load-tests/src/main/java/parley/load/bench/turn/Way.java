package parley.load.bench.turn;

/** How a packet is wrapped, and where it goes. */
public enum Way {
  CHANNEL_TO_PEER("channel data, client to peer"),
  CHANNEL_TO_CLIENT("channel data, peer to client"),
  SEND_INDICATION("send indication"),
  DATA_INDICATION("data indication"),
  TO_OWN_MEDIA("to the node's own media port");

  private final String text;

  Way(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** Whether a peer sends, and clients receive. */
  boolean toClients() {
    return this == CHANNEL_TO_CLIENT || this == DATA_INDICATION;
  }

  boolean isIndication() {
    return this == SEND_INDICATION || this == DATA_INDICATION;
  }
}
