package parley.load.bench.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An array of {@code struct mmsghdr} with all they point to, as Linux lays it out on 64-bit
 * machines: a peer's IPv4 address and a buffer each.
 */
final class MessageVector {

  private static final int HEADER_BYTES = 64;
  private static final int NAME_LENGTH_AT = 8;
  private static final int IOVEC_AT = 16;
  private static final int IOVEC_COUNT_AT = 24;
  private static final int RECEIVED_AT = 56;

  private static final int NAME_BYTES = 16;
  private static final int IOVEC_BYTES = 16;
  private static final short AF_INET = 2;

  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt ADDRESS_V4 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final int capacity;
  private final int bufferBytes;
  private final MemorySegment headers;
  private final MemorySegment iovecs;
  private final MemorySegment names;
  private final MemorySegment data;

  /**
   * @param bufferBytes of each message
   */
  MessageVector(Arena arena, int capacity, int bufferBytes) {
    this.capacity = capacity;
    this.bufferBytes = bufferBytes;
    headers = arena.allocate((long) capacity * HEADER_BYTES, 64);
    iovecs = arena.allocate((long) capacity * IOVEC_BYTES, 64);
    names = arena.allocate((long) capacity * NAME_BYTES, 64);
    data = arena.allocate((long) capacity * bufferBytes, 64);
    for (int i = 0; i < capacity; i++) {
      long at = (long) i * HEADER_BYTES;
      headers.set(ADDRESS, at, names.asSlice((long) i * NAME_BYTES));
      headers.set(JAVA_INT, at + NAME_LENGTH_AT, NAME_BYTES);
      headers.set(ADDRESS, at + IOVEC_AT, iovecs.asSlice((long) i * IOVEC_BYTES));
      headers.set(JAVA_LONG, at + IOVEC_COUNT_AT, 1);
      names.set(ValueLayout.JAVA_SHORT, (long) i * NAME_BYTES, AF_INET);
      iovecs.set(ADDRESS, (long) i * IOVEC_BYTES, buffer(i));
      iovecs.set(JAVA_LONG, (long) i * IOVEC_BYTES + 8, bufferBytes);
    }
  }

  int capacity() {
    return capacity;
  }

  MemorySegment headers() {
    return headers;
  }

  MemorySegment headersFrom(int first) {
    return headers.asSlice((long) first * HEADER_BYTES);
  }

  MemorySegment buffer(int i) {
    return data.asSlice((long) i * bufferBytes, bufferBytes);
  }

  /** How long message {@code i} is that was received. */
  int received(int i) {
    return headers.get(JAVA_INT, (long) i * HEADER_BYTES + RECEIVED_AT);
  }

  /** Receiving shortened these; the next receiving needs their full length. */
  void rearm(int count) {
    for (int i = 0; i < count; i++) {
      headers.set(JAVA_INT, (long) i * HEADER_BYTES + NAME_LENGTH_AT, NAME_BYTES);
    }
  }

  int peerPort(int i) {
    return names.get(PORT, (long) i * NAME_BYTES + 2) & 0xffff;
  }

  void peer(int i, int address, int port) {
    names.set(ADDRESS_V4, (long) i * NAME_BYTES + 4, address);
    names.set(PORT, (long) i * NAME_BYTES + 2, (short) port);
  }

  /** Copies message {@code i} out. */
  void read(int i, byte[] into, int lengthBytes) {
    MemorySegment.copy(data, JAVA_BYTE, (long) i * bufferBytes, into, 0, lengthBytes);
  }

  /** Copies message {@code i} in. */
  void write(int i, byte[] from, int offset, int lengthBytes) {
    MemorySegment.copy(from, offset, data, JAVA_BYTE, (long) i * bufferBytes, lengthBytes);
    iovecs.set(JAVA_LONG, (long) i * IOVEC_BYTES + 8, lengthBytes);
  }

  /** Message {@code i} is what lies there, without a copy. */
  void pointTo(int i, MemorySegment bytes, int lengthBytes) {
    iovecs.set(ADDRESS, (long) i * IOVEC_BYTES, bytes);
    iovecs.set(JAVA_LONG, (long) i * IOVEC_BYTES + 8, lengthBytes);
  }
}
