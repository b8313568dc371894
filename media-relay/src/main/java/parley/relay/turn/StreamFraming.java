package parley.relay.turn;

/**
 * Where messages end on TCP and TLS: a STUN message tells its length, ChannelData too and is filled
 * up to 32 bits there (RFC 8656 §12.5).
 */
public final class StreamFraming {

  /** More has to arrive before it can be said. */
  public static final int INCOMPLETE = -1;

  /** These bytes begin no message: on a stream nothing after them can be found any more. */
  public static final int BROKEN = -2;

  /** Enough to tell the length of either. */
  public static final int PREFIX_BYTES = 4;

  private StreamFraming() {}

  /**
   * The length of the message that begins here, padding counted, whether or not all of it is here.
   *
   * @param lengthBytes how many bytes are here
   */
  public static int frameBytes(byte[] data, int offset, int lengthBytes) {
    if (lengthBytes < PREFIX_BYTES) {
      return INCOMPLETE;
    }
    int told = Bytes.int16(data, offset + 2);
    int first = data[offset] & 0xFF;
    if (first < 0x40) {
      return told % 4 == 0 ? StunReader.HEADER_BYTES + told : BROKEN;
    }
    boolean channel = ChannelData.isNumber(Bytes.int16(data, offset));
    return channel ? Bytes.padded(ChannelData.HEADER_BYTES + told) : BROKEN;
  }
}
