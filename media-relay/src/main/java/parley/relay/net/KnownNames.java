package parley.relay.net;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that were seen lately, so that a packet of somebody known needs no object. Owned by one
 * thread.
 */
final class KnownNames {

  /** More clients and peers than one thread serves; a place is another's when two fall on it. */
  private static final int PLACES = 1 << 14;

  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
  private static final int SHIFT = 64 - 14;

  private final long[] keys = new long[PLACES];
  private final @Nullable InetSocketAddress[] values = new InetSocketAddress[PLACES];

  InetSocketAddress at(MemorySegment names, long offset) {
    if (!SocketName.isIpv4(names, offset)) {
      return SocketName.read(names, offset);
    }
    long key = SocketName.key(names, offset);
    int place = (int) ((key * SPREAD) >>> SHIFT);
    InetSocketAddress known = values[place];
    if (known == null || keys[place] != key) {
      known = SocketName.read(names, offset);
      keys[place] = key;
      values[place] = known;
    }
    return known;
  }
}
