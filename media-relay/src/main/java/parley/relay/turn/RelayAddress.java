package parley.relay.turn;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address that relayed ports are bound at.
 *
 * @param bind of this machine
 * @param shown what clients and peers see; the same unless there is a one-to-one NAT between
 */
public record RelayAddress(InetAddress bind, InetAddress shown) {

  /**
   * @throws IllegalArgumentException if the two are not of the same family
   */
  public RelayAddress {
    if (isIpv6(bind) != isIpv6(shown)) {
      throw new IllegalArgumentException(
          bind.getHostAddress() + " cannot be shown as " + shown.getHostAddress());
    }
  }

  int family() {
    return isIpv6(bind) ? IpAddress.IPV6_FAMILY : IpAddress.IPV4_FAMILY;
  }

  private static boolean isIpv6(InetAddress address) {
    return address instanceof Inet6Address;
  }
}
