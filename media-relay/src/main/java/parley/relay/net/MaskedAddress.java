package parley.relay.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An address as a log may show it: the network it is in, not whose it is. */
record MaskedAddress(InetSocketAddress address) {

  static MaskedAddress of(InetSocketAddress address) {
    return new MaskedAddress(address);
  }

  /** {@code 192.0.x.x:50000}, {@code [2001:db8:x]:50000}: formatted only if the line is written. */
  @Override
  public String toString() {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      return "unresolved";
    }
    byte[] bytes = ip.getAddress();
    return bytes.length == 4
        ? (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + ".x.x:" + address.getPort()
        : "["
            + Integer.toHexString((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff))
            + ":"
            + Integer.toHexString((bytes[2] & 0xff) << 8 | (bytes[3] & 0xff))
            + ":x]:"
            + address.getPort();
  }
}
