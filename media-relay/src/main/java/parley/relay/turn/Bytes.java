package parley.relay.turn;

/** Numbers in network byte order. */
final class Bytes {

  private Bytes() {}

  static int int16(byte[] data, int at) {
    return (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
  }

  static int int32(byte[] data, int at) {
    return int16(data, at) << 16 | int16(data, at + 2);
  }

  static long uint32(byte[] data, int at) {
    return int32(data, at) & 0xFFFF_FFFFL;
  }

  static long int64(byte[] data, int at) {
    return uint32(data, at) << 32 | uint32(data, at + 4);
  }

  static void put16(byte[] data, int at, int value) {
    data[at] = (byte) (value >> 8);
    data[at + 1] = (byte) value;
  }

  static void put32(byte[] data, int at, int value) {
    put16(data, at, value >> 16);
    put16(data, at + 2, value);
  }

  static void put64(byte[] data, int at, long value) {
    put32(data, at, (int) (value >> 32));
    put32(data, at + 4, (int) value);
  }

  /** Attributes, and frames on a stream, fill up to 32 bits (RFC 8489 §14, RFC 8656 §12.5). */
  static int padded(int lengthBytes) {
    return (lengthBytes + 3) & ~3;
  }
}
