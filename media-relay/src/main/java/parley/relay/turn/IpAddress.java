package parley.relay.turn;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address as two numbers, so that it can be compared and written without an object of the JDK's.
 *
 * @param ipv6 its family as it was spelled: an IPv4 address written as IPv6 is IPv6 here
 * @param high the upper half of an IPv6 address; 0 for IPv4
 * @param low the lower half, or all of an IPv4 address
 */
record IpAddress(boolean ipv6, long high, long low) {

  /** Families in attributes (RFC 8489 §14.1). */
  static final int IPV4_FAMILY = 0x01;

  static final int IPV6_FAMILY = 0x02;

  static IpAddress of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address
        ? new IpAddress(true, Bytes.int64(bytes, 0), Bytes.int64(bytes, 8))
        : v4(Bytes.uint32(bytes, 0));
  }

  static IpAddress v4(long bits) {
    return new IpAddress(false, 0, bits & 0xFFFF_FFFFL);
  }

  /** The JDK turns IPv4-mapped IPv6 into IPv4: to be called for addresses that were let pass. */
  InetAddress toInetAddress() {
    byte[] bytes = new byte[ipv6 ? 16 : 4];
    if (ipv6) {
      Bytes.put64(bytes, 0, high);
      Bytes.put64(bytes, 8, low);
    } else {
      Bytes.put32(bytes, 0, (int) low);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are always an address", e);
    }
  }
}
