package parley.relay.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** Addresses as Linux has them in memory: {@code sockaddr_in} and {@code sockaddr_in6}. */
final class SocketName {

  /** Of an IPv6 one. */
  static final int MOST_BYTES = 28;

  private static final int IPV4_BYTES = 16;
  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;

  private static final int PORT_AT = 2;
  private static final int IPV4_ADDRESS_AT = 4;
  private static final int IPV6_FLOW_AT = 4;
  private static final int IPV6_ADDRESS_AT = 8;
  private static final int IPV6_SCOPE_AT = 24;

  private static final ValueLayout.OfShort HOST_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt HOST_INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = HOST_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = HOST_INT.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketName() {}

  /**
   * @return its length in bytes
   */
  static int write(MemorySegment into, long at, InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    into.set(SHORT, at + PORT_AT, (short) address.getPort());
    if (ip instanceof Inet4Address) {
      into.set(HOST_SHORT, at, AF_INET);
      MemorySegment.copy(ip.getAddress(), 0, into, ValueLayout.JAVA_BYTE, at + IPV4_ADDRESS_AT, 4);
      return IPV4_BYTES;
    }
    into.set(HOST_SHORT, at, AF_INET6);
    into.set(HOST_INT, at + IPV6_FLOW_AT, 0);
    MemorySegment.copy(ip.getAddress(), 0, into, ValueLayout.JAVA_BYTE, at + IPV6_ADDRESS_AT, 16);
    into.set(HOST_INT, at + IPV6_SCOPE_AT, ip instanceof Inet6Address v6 ? v6.getScopeId() : 0);
    return MOST_BYTES;
  }

  /** Whether it is an IPv4 one; then {@link #key} tells it from all others. */
  static boolean isIpv4(MemorySegment from, long at) {
    return from.get(HOST_SHORT, at) == AF_INET;
  }

  /** Address and port of an IPv4 one in a number, never 0. */
  static long key(MemorySegment from, long at) {
    return 1L << 48
        | (from.get(INT, at + IPV4_ADDRESS_AT) & 0xFFFF_FFFFL) << 16
        | (from.get(SHORT, at + PORT_AT) & 0xFFFF);
  }

  static InetSocketAddress read(MemorySegment from, long at) {
    int port = from.get(SHORT, at + PORT_AT) & 0xFFFF;
    try {
      if (isIpv4(from, at)) {
        return new InetSocketAddress(
            InetAddress.getByAddress(bytes(from, at + IPV4_ADDRESS_AT, 4)), port);
      }
      byte[] ip = bytes(from, at + IPV6_ADDRESS_AT, 16);
      int scope = from.get(HOST_INT, at + IPV6_SCOPE_AT);
      return new InetSocketAddress(
          scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress(null, ip, scope),
          port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are always an address", e);
    }
  }

  private static byte[] bytes(MemorySegment from, long at, int count) {
    byte[] bytes = new byte[count];
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, bytes, 0, count);
    return bytes;
  }
}
