package parley.relay.recording;

/** The checksum of an Ogg page: CRC-32 by 0x04c11db7, not reflected, from zero (RFC 3533 §6). */
final class OggCrc {

  private static final int[] TABLE = table();

  private OggCrc() {}

  static int of(byte[] data, int offset, int length) {
    int crc = 0;
    for (int i = offset; i < offset + length; i++) {
      crc = (crc << 8) ^ TABLE[(crc >>> 24) ^ (data[i] & 0xff)];
    }
    return crc;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int r = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        r = r < 0 ? (r << 1) ^ 0x04c11db7 : r << 1;
      }
      table[i] = r;
    }
    return table;
  }
}
