package parley.relay.srtp;

/** Big-endian numbers in byte arrays. */
final class Bytes {

  private Bytes() {}

  static int int16(byte[] data, int at) {
    return (data[at] & 0xFF) << 8 | (data[at + 1] & 0xFF);
  }

  static int int32(byte[] data, int at) {
    return int16(data, at) << 16 | int16(data, at + 2);
  }

  static void putInt32(byte[] data, int at, int value) {
    data[at] = (byte) (value >>> 24);
    data[at + 1] = (byte) (value >>> 16);
    data[at + 2] = (byte) (value >>> 8);
    data[at + 3] = (byte) value;
  }

  static void xorInt32(byte[] data, int at, int value) {
    data[at] ^= (byte) (value >>> 24);
    data[at + 1] ^= (byte) (value >>> 16);
    data[at + 2] ^= (byte) (value >>> 8);
    data[at + 3] ^= (byte) value;
  }

  static void xorInt48(byte[] data, int at, long value) {
    data[at] ^= (byte) (value >>> 40);
    data[at + 1] ^= (byte) (value >>> 32);
    xorInt32(data, at + 2, (int) value);
  }

  /** In a time that does not depend on where they differ. */
  static boolean equalConstantTime(byte[] a, int aAt, byte[] b, int bAt, int length) {
    int difference = 0;
    for (int i = 0; i < length; i++) {
      difference |= a[aAt + i] ^ b[bAt + i];
    }
    return difference == 0;
  }
}
