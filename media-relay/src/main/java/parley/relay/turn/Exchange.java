package parley.relay.turn;

import java.net.InetSocketAddress;

/** A request, and where its answer goes. */
record Exchange(ClientLink link, InetSocketAddress client, StunReader request, long nowNs) {}
