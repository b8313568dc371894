package parley.relay.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Leave to exchange data with one address, whatever the port (RFC 8656 §9). */
final class Permission {

  private final IpAddress ip;
  private final InetAddress address;
  private final PeerVerdict verdict;
  private long expiresNs;

  /** The one a Send indication went to last: most clients use one port a peer. */
  private @Nullable InetSocketAddress lastPeer;

  Permission(IpAddress ip, PeerVerdict verdict, long expiresNs) {
    this.ip = ip;
    this.address = ip.toInetAddress();
    this.verdict = verdict;
    this.expiresNs = expiresNs;
  }

  boolean isOf(boolean ipv6, long high, long low) {
    return ip.low() == low && ip.high() == high && ip.ipv6() == ipv6;
  }

  boolean isOf(InetAddress other) {
    return address.equals(other);
  }

  IpAddress ip() {
    return ip;
  }

  PeerVerdict verdict() {
    return verdict;
  }

  InetSocketAddress at(int port) {
    InetSocketAddress peer = lastPeer;
    if (peer == null || peer.getPort() != port) {
      peer = new InetSocketAddress(address, port);
      lastPeer = peer;
    }
    return peer;
  }

  void extend(long untilNs) {
    expiresNs = untilNs;
  }

  boolean isOver(long nowNs) {
    return nowNs - expiresNs >= 0;
  }
}
