package parley.relay.recording;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Packets on their way from one media loop to the recorder's thread: a bounded ring of bytes with
 * one producer and one consumer, neither of which ever waits. The memory is all there from the
 * start.
 */
final class PacketRing {

  /** Nothing a WebRTC client sends as audio comes near an Ethernet frame. */
  static final int MAX_PAYLOAD = 1500;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle HEAD = field("head");
  private static final VarHandle TAIL = field("tail");

  // A record: length, peer, sequence, RTP time (4 bytes each), nowNs (8), dropped (4), unused (4),
  // payload; padded to 8 bytes. A length of -1 skips to the start of the array.
  private static final int HEADER = 32;
  private static final int SKIP = -1;

  private final byte[] bytes;

  /** Bytes ever consumed. Written by the consumer. */
  @SuppressWarnings("unused") // by HEAD
  private volatile long head;

  /** Bytes ever produced. Written by the producer. */
  @SuppressWarnings("unused") // by TAIL
  private volatile long tail;

  private long knownHead; // the producer's memory of head: reading it less often is cheaper

  /** What the consumer reads into, over and over. */
  static final class Packet {
    final byte[] payload = new byte[MAX_PAYLOAD];
    int peer;
    int sequence;
    int rtp;
    int dropped;
    int length;
    long nowNs;
  }

  /**
   * @param capacity bytes, a power of two
   */
  PacketRing(int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < 8192) {
      throw new IllegalArgumentException("capacity is no power of two of at least 8192");
    }
    bytes = new byte[capacity];
  }

  int capacity() {
    return bytes.length;
  }

  /**
   * Copies a packet in. Producer only.
   *
   * @param dropped how many packets of this peer found no room before this one
   * @return false when there is no room
   */
  boolean offer(
      int peer,
      int sequence,
      int rtp,
      int dropped,
      byte[] payload,
      int offset,
      int length,
      long nowNs) {
    int needed = HEADER + (length + 7 & ~7);
    long end = (long) TAIL.get(this);
    int at = (int) end & bytes.length - 1;
    int skipped = bytes.length - at < needed ? bytes.length - at : 0;
    if (end + skipped + needed - knownHead > bytes.length) {
      knownHead = (long) HEAD.getAcquire(this);
      if (end + skipped + needed - knownHead > bytes.length) {
        return false;
      }
    }
    if (skipped > 0) {
      INT.set(bytes, at, SKIP);
      at = 0;
    }
    INT.set(bytes, at, length);
    INT.set(bytes, at + 4, peer);
    INT.set(bytes, at + 8, sequence);
    INT.set(bytes, at + 12, rtp);
    LONG.set(bytes, at + 16, nowNs);
    INT.set(bytes, at + 24, dropped);
    System.arraycopy(payload, offset, bytes, at + HEADER, length);
    TAIL.setRelease(this, end + skipped + needed);
    return true;
  }

  /** Whether there is nothing to take out at this moment. Consumer only. */
  boolean isEmpty() {
    return (long) HEAD.get(this) == (long) TAIL.getAcquire(this);
  }

  /** Takes the oldest packet out; false when there is none. Consumer only. */
  boolean poll(Packet into) {
    long start = (long) HEAD.get(this);
    if (start == (long) TAIL.getAcquire(this)) {
      return false;
    }
    int at = (int) start & bytes.length - 1;
    int length = (int) INT.get(bytes, at);
    if (length == SKIP) {
      start += bytes.length - at;
      at = 0;
      length = (int) INT.get(bytes, at);
    }
    into.length = length;
    into.peer = (int) INT.get(bytes, at + 4);
    into.sequence = (int) INT.get(bytes, at + 8);
    into.rtp = (int) INT.get(bytes, at + 12);
    into.nowNs = (long) LONG.get(bytes, at + 16);
    into.dropped = (int) INT.get(bytes, at + 24);
    System.arraycopy(bytes, at + HEADER, into.payload, 0, length);
    HEAD.setRelease(this, start + HEADER + (length + 7 & ~7));
    return true;
  }

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(PacketRing.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
