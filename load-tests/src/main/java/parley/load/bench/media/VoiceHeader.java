package parley.load.bench.media;

/** The RTP header of a client's voice: Opus, with its level (RFC 6464) if wanted. */
final class VoiceHeader {

  private static final int RTP_HEADER_BYTES = 12;
  private static final int EXTENSION_BYTES = 8;
  private static final int OPUS = 111;

  private VoiceHeader() {}

  /** Returns where the payload begins. */
  static int write(byte[] data, int sequence, long dueNs, int ssrc, boolean withLevel, byte level) {
    data[0] = (byte) (withLevel ? 0x90 : 0x80);
    data[1] = OPUS;
    data[2] = (byte) (sequence >> 8);
    data[3] = (byte) sequence;
    putInt(data, 4, (int) (dueNs * 6 / 125_000)); // 48 kHz
    putInt(data, 8, ssrc);
    if (!withLevel) {
      return RTP_HEADER_BYTES;
    }
    putInt(data, 12, 0xBEDE0001); // RFC 8285 §4.2, one word
    putInt(data, 16, 1 << 28 | (level & 0xff) << 16); // id 1: the audio level
    return RTP_HEADER_BYTES + EXTENSION_BYTES;
  }

  /** Behind header, contributing sources and extension (RFC 3550 §5.1, §5.3.1). */
  static int payloadAt(byte[] data) {
    int first = data[0];
    int at = RTP_HEADER_BYTES + 4 * (first & 0x0f);
    if ((first & 0x10) != 0) {
      at += 4 + 4 * ((data[at + 2] & 0xff) << 8 | (data[at + 3] & 0xff));
    }
    return at;
  }

  private static void putInt(byte[] data, int at, int value) {
    data[at] = (byte) (value >> 24);
    data[at + 1] = (byte) (value >> 16);
    data[at + 2] = (byte) (value >> 8);
    data[at + 3] = (byte) value;
  }
}
