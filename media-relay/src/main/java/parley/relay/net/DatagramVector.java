package parley.relay.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/**
 * Room for some datagrams and whom they are from or for, as recvmmsg(2) and sendmmsg(2) want it: an
 * array of {@code struct mmsghdr} (64-bit) with what it points to.
 */
final class DatagramVector {

  private static final int HEADER_BYTES = 64;
  private static final int NAME_LENGTH_AT = 8;
  private static final int IOVEC_AT = 16;
  private static final int IOVEC_COUNT_AT = 24;
  private static final int TRANSFERRED_AT = 56;

  private static final int IOVEC_BYTES = 16;
  private static final int IOVEC_LENGTH_AT = 8;

  /** So that each begins at a multiple of 8. */
  private static final int NAME_BYTES = 32;

  private final int capacity;
  private final int datagramBytes;
  private final MemorySegment headers;
  private final MemorySegment iovecs;
  private final MemorySegment names;
  private final MemorySegment data;

  /**
   * @param datagramBytes room for each; what is longer is cut off
   */
  DatagramVector(Arena arena, int capacity, int datagramBytes) {
    this.capacity = capacity;
    this.datagramBytes = datagramBytes;
    headers = arena.allocate((long) capacity * HEADER_BYTES, HEADER_BYTES);
    iovecs = arena.allocate((long) capacity * IOVEC_BYTES, HEADER_BYTES);
    names = arena.allocate((long) capacity * NAME_BYTES, HEADER_BYTES);
    data = arena.allocate((long) capacity * datagramBytes, HEADER_BYTES);
    for (int i = 0; i < capacity; i++) {
      long header = (long) i * HEADER_BYTES;
      headers.set(ADDRESS, header, name(i));
      headers.set(ADDRESS, header + IOVEC_AT, iovecs.asSlice((long) i * IOVEC_BYTES));
      headers.set(JAVA_LONG, header + IOVEC_COUNT_AT, 1);
      iovecs.set(ADDRESS, (long) i * IOVEC_BYTES, buffer(i));
      rearm(i);
    }
  }

  int capacity() {
    return capacity;
  }

  MemorySegment headers() {
    return headers;
  }

  MemorySegment headersFrom(int first) {
    return first == 0 ? headers : headers.asSlice((long) first * HEADER_BYTES);
  }

  MemorySegment buffer(int i) {
    return data.asSlice((long) i * datagramBytes, datagramBytes);
  }

  MemorySegment name(int i) {
    return names.asSlice((long) i * NAME_BYTES, NAME_BYTES);
  }

  int nameLength(int i) {
    return headers.get(JAVA_INT, (long) i * HEADER_BYTES + NAME_LENGTH_AT);
  }

  /** Of one that is to be sent. */
  int length(int i) {
    return (int) iovecs.get(JAVA_LONG, (long) i * IOVEC_BYTES + IOVEC_LENGTH_AT);
  }

  /** Of one that was received. */
  int received(int i) {
    return headers.get(JAVA_INT, (long) i * HEADER_BYTES + TRANSFERRED_AT);
  }

  /** Receiving shortened it; the next receiving needs its full length. */
  void rearm(int i) {
    headers.set(JAVA_INT, (long) i * HEADER_BYTES + NAME_LENGTH_AT, SocketName.MOST_BYTES);
    iovecs.set(JAVA_LONG, (long) i * IOVEC_BYTES + IOVEC_LENGTH_AT, datagramBytes);
  }

  /** Whom a received one is from. */
  InetSocketAddress sender(int i, KnownNames known) {
    return known.at(names, (long) i * NAME_BYTES);
  }

  void read(int i, byte[] into, int offset, int lengthBytes) {
    MemorySegment.copy(data, JAVA_BYTE, (long) i * datagramBytes, into, offset, lengthBytes);
  }

  /**
   * @param lengthBytes no more than there is room for
   */
  void write(int i, InetSocketAddress to, byte[] from, int offset, int lengthBytes) {
    MemorySegment.copy(from, offset, data, JAVA_BYTE, (long) i * datagramBytes, lengthBytes);
    iovecs.set(JAVA_LONG, (long) i * IOVEC_BYTES + IOVEC_LENGTH_AT, lengthBytes);
    int nameLength = SocketName.write(names, (long) i * NAME_BYTES, to);
    headers.set(JAVA_INT, (long) i * HEADER_BYTES + NAME_LENGTH_AT, nameLength);
  }
}
