package parley.relay.turn;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which addresses a client may have data sent to. Without it a TURN server is a way into the
 * network it stands in: whoever can allocate could talk to every machine behind it (RFC 8656
 * §21.4).
 *
 * <p>What is not on the public Internet is refused, in every spelling in which an IPv4 address can
 * be hidden in an IPv6 one. A deny list goes before everything but the node itself, an allow list
 * before the ranges refused by default.
 */
public final class PeerPolicy {

  /** Never on the public Internet (IANA's special-purpose registries), and who serves metadata. */
  private static final List<AddressBlock> REFUSED =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8",
              "100.64.0.0/10", // carriers' NAT; Alibaba's metadata
              "127.0.0.0/8",
              "168.63.129.16", // Azure's platform, on a public address
              "169.254.0.0/16", // link-local; metadata of nearly every cloud
              "172.16.0.0/12",
              "192.0.0.0/24", // protocol assignments; Oracle's metadata
              "192.0.2.0/24",
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16",
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, broadcast
              "::/96", // unspecified, loopback, IPv4-compatible
              "64:ff9b:1::/48", // NAT64 of somebody's own: no telling where it leads
              "100::/64", // discard
              "2001::/32", // Teredo, see isTunnel
              "2001:2::/48", // benchmarks
              "2001:10::/28", // ORCHID
              "2001:20::/28",
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4, see isTunnel
              "3fff::/20",
              "5f00::/16", // segment routing
              "fc00::/7", // unique local; Amazon's metadata
              "fe80::/10",
              "fec0::/10", // site-local
              "ff00::/8") // multicast
          .map(AddressBlock::parse)
          .toList();

  private static final long LOW_32 = 0xFFFF_FFFFL;

  private final Set<IpAddress> own;
  private final List<AddressBlock> allowed;
  private final List<AddressBlock> denied;

  /**
   * @param own this node's addresses, as it is bound and as it is seen
   * @param allowed let pass although refused by default
   * @param denied refused although public
   */
  public PeerPolicy(Set<InetAddress> own, List<AddressBlock> allowed, List<AddressBlock> denied) {
    this.own = own.stream().map(IpAddress::of).collect(Collectors.toUnmodifiableSet());
    this.allowed = List.copyOf(allowed);
    this.denied = List.copyOf(denied);
  }

  /** The ranges refused unless they are allowed, as {@code first-last}. */
  public static List<String> refusedByDefault() {
    return REFUSED.stream().map(AddressBlock::range).toList();
  }

  /**
   * Whether packets for it go to some tunnel's end (RFC 4380, RFC 3056): what a server sends there
   * may come back to it in another wrapping, ever again. RFC 8656 §21.4: neither as a client's
   * address nor as a peer's.
   */
  static boolean isTunnel(IpAddress address) {
    boolean teredo = address.high() >>> 32 == 0x2001_0000L;
    boolean sixToFour = address.high() >>> 48 == 0x2002;
    return address.ipv6() && (teredo || sixToFour);
  }

  PeerVerdict verdict(IpAddress address) {
    if (own.contains(address)) {
      return PeerVerdict.OWN_NODE;
    }
    boolean ipv6 = address.ipv6();
    long high = address.high();
    long low = address.low();
    if (isIn(denied, ipv6, high, low)) {
      return PeerVerdict.REFUSED;
    }
    if (isIn(allowed, ipv6, high, low)) {
      return PeerVerdict.ALLOWED;
    }
    boolean refused = isIn(REFUSED, ipv6, high, low) || (ipv6 && leadsToRefused(high, low));
    return refused ? PeerVerdict.REFUSED : PeerVerdict.ALLOWED;
  }

  /** An IPv6 address that some gateway turns into an IPv4 one. */
  private boolean leadsToRefused(long high, long low) {
    long end = low & LOW_32;
    if (high == 0 && low >>> 32 == 0xFFFF) {
      return true; // IPv4-mapped: no address of the wire at all (RFC 4291 §2.5.5.2)
    }
    if (high == 0 && low >>> 32 == 0xFFFF_0000L) {
      return !isAllowedV4(end); // IPv4-translated (RFC 2765 §2.1)
    }
    if (high == 0x0064_FF9B_0000_0000L && low >>> 32 == 0) {
      return !isAllowedV4(end); // NAT64 (RFC 6052 §2.1)
    }
    long interfaceId = low >>> 32 & ~0x0200_0000L;
    return interfaceId == 0x5EFE && !isAllowedV4(end); // ISATAP (RFC 5214 §6.1)
  }

  /** An IPv4 address that is the node's own is not reached by a detour. */
  private boolean isAllowedV4(long bits) {
    return verdict(IpAddress.v4(bits)) == PeerVerdict.ALLOWED;
  }

  private static boolean isIn(List<AddressBlock> blocks, boolean ipv6, long high, long low) {
    for (AddressBlock block : blocks) {
      if (block.contains(ipv6, high, low)) {
        return true;
      }
    }
    return false;
  }
}
