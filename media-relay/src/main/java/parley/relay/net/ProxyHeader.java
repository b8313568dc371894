package parley.relay.net;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy puts before a connection that it hands on: version 2 of the PROXY protocol, as
 * HAProxy specified it.
 *
 * @param lengthBytes of the whole header
 * @param client whom the proxy heard from; null: the proxy itself speaks, to see whether we are
 *     there
 */
record ProxyHeader(int lengthBytes, @Nullable InetSocketAddress client) {

  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };

  private static final int FIXED_BYTES = 16;

  /** Addresses, and what else a proxy may tell: names, certificates, ids. */
  private static final int MOST_BYTES = 4096;

  private static final int VERSION_2_LOCAL = 0x20;
  private static final int VERSION_2_PROXY = 0x21;
  private static final int TCP_IPV4 = 0x11;
  private static final int TCP_IPV6 = 0x21;

  /**
   * Reads the header at the reader's index, and leaves it there.
   *
   * @return null: it is not all there yet
   * @throws IllegalArgumentException when it is none
   */
  static @Nullable ProxyHeader read(ByteBuf in) {
    int at = in.readerIndex();
    int there = in.readableBytes();
    for (int i = 0; i < Math.min(there, SIGNATURE.length); i++) {
      if (in.getByte(at + i) != SIGNATURE[i]) {
        throw new IllegalArgumentException("no PROXY protocol v2 header");
      }
    }
    if (there < FIXED_BYTES) {
      return null;
    }
    int command = in.getUnsignedByte(at + 12);
    int family = in.getUnsignedByte(at + 13);
    int length = FIXED_BYTES + in.getUnsignedShort(at + 14);
    if ((command != VERSION_2_PROXY && command != VERSION_2_LOCAL) || length > MOST_BYTES) {
      throw new IllegalArgumentException("a PROXY protocol header that is not of version 2");
    }
    if (there < length) {
      return null;
    }
    InetSocketAddress client = null;
    if (command == VERSION_2_PROXY) {
      client = client(in, at + FIXED_BYTES, family, length - FIXED_BYTES);
    }
    return new ProxyHeader(length, client);
  }

  private static InetSocketAddress client(ByteBuf in, int at, int family, int length) {
    int addressBytes =
        switch (family) {
          case TCP_IPV4 -> 4;
          case TCP_IPV6 -> 16;
          default -> throw new IllegalArgumentException("a PROXY header of no TCP connection");
        };
    if (length < 2 * addressBytes + 4) {
      throw new IllegalArgumentException("a PROXY header without its addresses");
    }
    byte[] address = new byte[addressBytes];
    in.getBytes(at, address);
    try {
      return new InetSocketAddress(
          InetAddress.getByAddress(address), in.getUnsignedShort(at + 2 * addressBytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are always an address", e);
    }
  }
}
