package parley.relay.turn;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A range of addresses with a common beginning: {@code 10.0.0.0/8}, {@code fc00::/7}. */
public final class AddressBlock {

  private final String text;
  private final IpAddress first;
  private final long highMask;
  private final long lowMask;

  private AddressBlock(String text, IpAddress address, int prefixBits) {
    this.text = text;
    if (address.ipv6()) {
      highMask = prefixBits == 0 ? 0 : -1L << Math.max(0, 64 - prefixBits);
      lowMask = prefixBits <= 64 ? 0 : -1L << (128 - prefixBits);
    } else {
      highMask = 0;
      lowMask = prefixBits == 0 ? 0 : 0xFFFF_FFFFL & (-1L << (32 - prefixBits));
    }
    first = new IpAddress(address.ipv6(), address.high() & highMask, address.low() & lowMask);
  }

  /**
   * @param text an address, alone or with {@code /bits}
   * @throws IllegalArgumentException with a sentence
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    } catch (IllegalArgumentException e) {
      throw wrong(text, e);
    }
    IpAddress ip = IpAddress.of(address);
    int most = ip.ipv6() ? 128 : 32;
    int bits;
    try {
      bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw wrong(text, e);
    }
    if (bits < 0 || bits > most) {
      throw wrong(text, null);
    }
    return new AddressBlock(text, ip, bits);
  }

  private static IllegalArgumentException wrong(String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "\""
            + text
            + "\" is no range of addresses; right would be like 10.0.0.0/8 or 2001:db8::/32",
        cause);
  }

  /** First and last address: {@code 10.0.0.0-10.255.255.255}; one address alone as it is. */
  public String range() {
    long lowBits = first.ipv6() ? ~lowMask : ~lowMask & 0xFFFF_FFFFL;
    long highBits = first.ipv6() ? ~highMask : 0;
    var last = new IpAddress(first.ipv6(), first.high() | highBits, first.low() | lowBits);
    String from = first.toInetAddress().getHostAddress();
    return last.equals(first) ? from : from + "-" + last.toInetAddress().getHostAddress();
  }

  public boolean contains(InetAddress address) {
    IpAddress ip = IpAddress.of(address);
    return contains(ip.ipv6(), ip.high(), ip.low());
  }

  boolean contains(boolean ipv6, long high, long low) {
    return ipv6 == first.ipv6()
        && (high & highMask) == first.high()
        && (low & lowMask) == first.low();
  }

  @Override
  public String toString() {
    return text;
  }
}
