package parley.relay.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where datagrams go: the address as the kernel reads it, made once for a path and not for every
 * packet, and what waits for it in a {@link SendBatch}. Owned by one media loop.
 */
final class Destination {

  /** {@code struct sockaddr_in6}, and four bytes to fill the last word. */
  static final int NAME_BYTES = 32;

  static final int SOCKADDR_IN_BYTES = 16;
  static final int SOCKADDR_IN6_BYTES = 28;

  private static final short AF_INET = 2;
  private static final short AF_INET6 = 10;

  final InetSocketAddress remote;

  /** The socket address in words of the machine's byte order; an IPv4 one needs two. */
  final long word0;

  final long word1;
  final long word2;
  final long word3;

  /** How much of the words the kernel reads. */
  final int nameBytes;

  // Owned by the batch: the datagrams for here, of the batch with this number.
  long batch = -1;
  int first;
  int last;

  Destination(InetSocketAddress remote) {
    this.remote = remote;
    InetAddress address = remote.getAddress();
    byte[] bytes = address.getAddress();
    ByteBuffer name = ByteBuffer.allocate(NAME_BYTES).order(ByteOrder.nativeOrder());
    if (address instanceof Inet6Address v6) {
      name.putShort(AF_INET6);
      putPort(name, remote.getPort());
      name.putInt(0).put(bytes).putInt(v6.getScopeId());
      nameBytes = SOCKADDR_IN6_BYTES;
    } else {
      name.putShort(AF_INET);
      putPort(name, remote.getPort());
      name.put(bytes);
      nameBytes = SOCKADDR_IN_BYTES;
    }
    word0 = name.getLong(0);
    word1 = name.getLong(8);
    word2 = name.getLong(16);
    word3 = name.getLong(24);
  }

  /** In network byte order, whatever the machine's is. */
  private static void putPort(ByteBuffer name, int port) {
    name.put((byte) (port >>> 8)).put((byte) port);
  }

  @Override
  public String toString() {
    return MaskedAddress.of(remote).toString();
  }
}
