package parley.relay.turn;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A relayed transport address: a socket, and the allocation it serves. */
public final class Relay {

  private final RelayAddress address;
  private final int port;
  private final InetSocketAddress shown;
  private @Nullable RelaySocket socket;
  private @Nullable Allocation allocation;
  private long expiresNs;

  Relay(RelayAddress address, int port) {
    this.address = address;
    this.port = port;
    this.shown = new InetSocketAddress(address.shown(), port);
  }

  void opened(RelaySocket open) {
    socket = open;
  }

  void serve(Allocation owner) {
    allocation = owner;
  }

  /** Null while it is only reserved. */
  @Nullable Allocation allocation() {
    return allocation;
  }

  /** Each of two families has a time of its own (RFC 8656 §6). */
  void expireAt(long ns) {
    expiresNs = ns;
  }

  long expiresNs() {
    return expiresNs;
  }

  boolean isOver(long nowNs) {
    return nowNs - expiresNs >= 0;
  }

  int family() {
    return address.family();
  }

  boolean isIpv6() {
    return family() == IpAddress.IPV6_FAMILY;
  }

  int port() {
    return port;
  }

  /** As clients and peers see it. */
  public InetSocketAddress shown() {
    return shown;
  }

  /** As it is bound. */
  InetSocketAddress bound() {
    return new InetSocketAddress(address.bind(), port);
  }

  void send(
      InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean dontFragment) {
    if (socket != null) {
      socket.send(peer, data, offset, lengthBytes, dontFragment);
    }
  }

  void close() {
    allocation = null;
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
