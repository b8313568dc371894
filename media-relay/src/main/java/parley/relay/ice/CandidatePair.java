package parley.relay.ice;

import java.net.InetSocketAddress;

/** One of our addresses and one of the peer's between which packets travel. */
public record CandidatePair(InetSocketAddress local, InetSocketAddress remote) {}
