package parley.relay.turn;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** A number that stands for a peer (RFC 8656 §12). */
final class Channel {

  private final int number;
  private final InetSocketAddress peer;
  private final boolean ipv6;
  private final PeerVerdict verdict;
  private long expiresNs;

  Channel(int number, InetSocketAddress peer, PeerVerdict verdict, long expiresNs) {
    this.number = number;
    this.peer = peer;
    this.ipv6 = peer.getAddress() instanceof Inet6Address;
    this.verdict = verdict;
    this.expiresNs = expiresNs;
  }

  int number() {
    return number;
  }

  InetSocketAddress peer() {
    return peer;
  }

  boolean ipv6() {
    return ipv6;
  }

  PeerVerdict verdict() {
    return verdict;
  }

  void extend(long untilNs) {
    expiresNs = untilNs;
  }

  boolean isOver(long nowNs) {
    return nowNs - expiresNs >= 0;
  }
}
