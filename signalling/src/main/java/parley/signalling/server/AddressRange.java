package parley.signalling.server;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin with the same bits (RFC 4632 §3.1): {@code 10.0.0.0/8}, {@code ::1}.
 *
 * @param bits how many of the first address' bits count
 */
public record AddressRange(InetAddress first, int bits) {

  /**
   * Never asks for a name.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static AddressRange parse(String text) {
    String[] parts = text.strip().split("/", 2);
    InetAddress first = address(parts[0]);
    int most = first == null ? 0 : 8 * first.getAddress().length;
    int bits = parts.length == 1 ? most : number(parts[1]);
    if (first == null || bits < 0 || bits > most) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no address; right would be like 192.0.2.1, 10.0.0.0/8 or ::1");
    }
    return new AddressRange(first, bits);
  }

  /** An address as it is written in numbers, IPv6 with or without brackets; null: it is none. */
  static @Nullable InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }

  boolean contains(InetAddress address) {
    byte[] ours = first.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  static boolean anyContains(List<AddressRange> ranges, InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
