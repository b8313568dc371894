package parley.relay.call;

import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;

/** One device in one {@link RelayCall}: its uplink and its receiving slots. */
public final class RelayPeer {

  private final PeerId id;
  private final PeerInfo info;

  RelayPeer(PeerId id, PeerInfo info) {
    this.id = id;
    this.info = info;
  }

  public PeerId id() {
    return id;
  }

  public PeerInfo info() {
    return info;
  }
}
