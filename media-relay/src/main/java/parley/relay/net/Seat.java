package parley.relay.net;

import org.jspecify.annotations.Nullable;
import parley.relay.api.PeerId;
import parley.relay.call.RelayPeer;

/**
 * A device's place in a call: the leg that serves it, and at most one that is to take over once it
 * is connected. Owned by its {@link HostedCall}.
 */
final class Seat {

  final PeerId id;
  RelayPeer peer;
  @Nullable Leg serving;
  @Nullable Leg successor;

  Seat(PeerId id, RelayPeer peer) {
    this.id = id;
    this.peer = peer;
  }
}
