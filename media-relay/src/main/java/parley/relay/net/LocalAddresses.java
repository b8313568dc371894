package parley.relay.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import parley.relay.api.RelayConfig;

/** The addresses to bind and those to show; the rules stand at {@link RelayConfig}. */
final class LocalAddresses {

  /** RFC 6724's order of preference, as RFC 8445 §5.1.2.1 asks; loopback after all others. */
  private static final Comparator<InetAddress> PREFERENCE =
      Comparator.comparingInt(LocalAddresses::rank);

  private LocalAddresses() {}

  /**
   * The addresses to bind, the most preferred first.
   *
   * @throws PortUnavailable if a configured one is not a literal address, or there is none at all
   */
  static List<InetAddress> toBind(RelayConfig config) {
    return toBind(config.addresses(), config.loopback(), "media.addresses");
  }

  /**
   * @param key the setting that the addresses come from
   */
  static List<InetAddress> toBind(List<String> addresses, boolean loopback, String key) {
    Set<InetAddress> chosen = new LinkedHashSet<>();
    if (addresses.isEmpty()) {
      chosen.addAll(discover(key));
    } else {
      addresses.forEach(text -> chosen.add(literal(text, key)));
    }
    if (loopback) {
      chosen.addAll(ofInterfaces(InetAddress::isLoopbackAddress, key));
    }
    if (chosen.isEmpty()) {
      throw new PortUnavailable(
          "This machine has no network address to bind ports on: bring an interface up, or name"
              + " one in "
              + key
              + ".");
    }
    return chosen.stream().sorted(PREFERENCE).toList();
  }

  /** The addresses to show instead of the bound ones; empty: show those bound. */
  static List<InetAddress> toAdvertise(RelayConfig config) {
    return toAdvertise(config.advertise(), "media.advertise");
  }

  /**
   * @param key the setting that the addresses come from
   */
  static List<InetAddress> toAdvertise(List<String> advertise, String key) {
    return advertise.stream().map(text -> literal(text, key)).distinct().toList();
  }

  private static List<InetAddress> discover(String key) {
    List<InetAddress> usual =
        ofInterfaces(
            a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress() && !a.isAnyLocalAddress(), key);
    return usual.isEmpty() ? ofInterfaces(a -> !a.isAnyLocalAddress(), key) : usual;
  }

  private static List<InetAddress> ofInterfaces(Predicate<InetAddress> condition, String key) {
    List<InetAddress> found = new ArrayList<>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp()) {
          each.inetAddresses().filter(condition).forEach(found::add);
        }
      }
    } catch (SocketException e) {
      throw new PortUnavailable(
          "The network interfaces cannot be listed ("
              + e.getMessage()
              + "): name the addresses to use in "
              + key
              + ".",
          e);
    }
    return found;
  }

  private static InetAddress literal(String text, String key) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new PortUnavailable(
          key
              + " holds \""
              + text
              + "\", which is not an IPv4 or IPv6 address; a name will not do.",
          e);
    }
  }

  private static int rank(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return address instanceof Inet4Address ? 4 : 5;
    }
    if (address instanceof Inet4Address) {
      return 1;
    }
    boolean uniqueLocal = (address.getAddress()[0] & 0xfe) == 0xfc; // fc00::/7, RFC 4193
    return address.isLinkLocalAddress() ? 3 : uniqueLocal ? 2 : 0;
  }
}
