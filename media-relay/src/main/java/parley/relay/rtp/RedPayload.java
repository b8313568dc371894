package parley.relay.rtp;

/**
 * A view of a payload with redundant copies of earlier ones (RFC 2198): blocks of the same codec,
 * the oldest first, the packet's own last. Wraps, never copies, never throws.
 */
public final class RedPayload {

  /** More copies than anybody sends: Chromium has one or two. */
  public static final int MAX_BLOCKS = 8;

  /** A copy's header: one bit, type, offset of its timestamp, length. */
  public static final int COPY_HEADER_BYTES = 4;

  /** 14 bits. */
  public static final int MAX_OFFSET_TICKS = 0x3FFF;

  /** 10 bits. */
  public static final int MAX_COPY_BYTES = 0x3FF;

  private final int[] offsets = new int[MAX_BLOCKS];
  private final int[] lengths = new int[MAX_BLOCKS];
  private final int[] backTicks = new int[MAX_BLOCKS];
  private int copies;

  /**
   * False when this is no such payload, or has blocks of another type.
   *
   * @param type that every block has to have
   */
  public boolean wrap(byte[] data, int offset, int lengthBytes, int type) {
    copies = 0;
    int at = offset;
    int end = offset + lengthBytes;
    while (at < end && (data[at] & 0x80) != 0) {
      if (at + COPY_HEADER_BYTES >= end || copies == MAX_BLOCKS - 1 || (data[at] & 0x7F) != type) {
        return false;
      }
      int word = NetworkOrder.getInt(data, at);
      backTicks[copies] = word >>> 10 & MAX_OFFSET_TICKS;
      lengths[copies] = word & MAX_COPY_BYTES;
      copies++;
      at += COPY_HEADER_BYTES;
    }
    if (at >= end || data[at] != type) {
      return false;
    }
    at++;
    for (int i = 0; i < copies; i++) {
      offsets[i] = at;
      at += lengths[i];
    }
    offsets[copies] = at;
    lengths[copies] = end - at;
    return end > at;
  }

  /** How many copies of earlier payloads there are. The packet's own block has this index. */
  public int copies() {
    return copies;
  }

  /** Where a block begins. */
  public int offset(int block) {
    return offsets[block];
  }

  /** In bytes; a copy may be empty. */
  public int length(int block) {
    return lengths[block];
  }

  /** How much earlier than the packet a copy's timestamp is. */
  public int backTicks(int copy) {
    return backTicks[copy];
  }

  /**
   * Writes a payload with one copy, and returns its length in bytes.
   *
   * @param copyTicks how much earlier the copy is, up to {@link #MAX_OFFSET_TICKS}
   * @param copyBytes up to {@link #MAX_COPY_BYTES}
   */
  public static int write(
      byte[] out,
      int at,
      int type,
      byte[] copy,
      int copyBytes,
      int copyTicks,
      byte[] own,
      int ownOffset,
      int ownBytes) {
    NetworkOrder.putInt(out, at, 0x8000_0000 | type << 24 | copyTicks << 10 | copyBytes);
    out[at + COPY_HEADER_BYTES] = (byte) type;
    int copyAt = at + COPY_HEADER_BYTES + 1;
    System.arraycopy(copy, 0, out, copyAt, copyBytes);
    System.arraycopy(own, ownOffset, out, copyAt + copyBytes, ownBytes);
    return COPY_HEADER_BYTES + 1 + copyBytes + ownBytes;
  }
}
