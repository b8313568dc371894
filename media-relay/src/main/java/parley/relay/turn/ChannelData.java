package parley.relay.turn;

/** The four bytes before data on a channel (RFC 8656 §12.4). */
final class ChannelData {

  static final int HEADER_BYTES = 4;
  static final int FIRST_NUMBER = 0x4000;

  /**
   * RFC 8656 §12 stops at 0x4FFF, but clients of RFC 5766, coturn's own among them, choose from
   * here up to 0x7FFF. Nothing else is spoken on these ports that this could be taken for.
   */
  static final int LAST_NUMBER = 0x7FFF;

  private ChannelData() {}

  static boolean isNumber(int number) {
    return number >= FIRST_NUMBER && number <= LAST_NUMBER;
  }

  /** What the header says follows; -1 when it says more than there is (RFC 8656 §12.6). */
  static int payloadBytes(byte[] data, int offset, int lengthBytes) {
    if (lengthBytes < HEADER_BYTES) {
      return -1;
    }
    int told = Bytes.int16(data, offset + 2);
    return told <= lengthBytes - HEADER_BYTES ? told : -1;
  }

  /** Writes the header into the bytes before the payload. */
  static void writeHeader(byte[] data, int payloadAt, int number, int payloadBytes) {
    Bytes.put16(data, payloadAt - 4, number);
    Bytes.put16(data, payloadAt - 2, payloadBytes);
  }
}
