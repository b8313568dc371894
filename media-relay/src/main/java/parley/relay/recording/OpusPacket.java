package parley.relay.recording;

/**
 * What the outside of an Opus packet tells (RFC 6716 §3): how long it lasts, and whether its
 * framing holds together. The audio inside is never decoded.
 *
 * <p>All durations are samples at 48 kHz, the clock of RTP (RFC 7587 §4.1) and of Ogg Opus.
 */
final class OpusPacket {

  static final int MALFORMED = -1;

  /** RFC 6716 §3.2.5, R5: no packet lasts longer than 120 ms. */
  static final int MAX_SAMPLES = 5760;

  /** RFC 6716 §3.2.1, R2. */
  private static final int MAX_FRAME_BYTES = 1275;

  private OpusPacket() {}

  /** Duration of a well-formed packet, or {@link #MALFORMED} (RFC 6716 §3.4). Never throws. */
  static int samples(byte[] data, int offset, int length) {
    if (length < 1) {
      return MALFORMED; // R1
    }
    int toc = data[offset] & 0xff;
    return switch (toc & 3) {
      case 0 -> length - 1 <= MAX_FRAME_BYTES ? frameSamples(toc) : MALFORMED;
      case 1 -> twoEqualFrames(toc, length);
      case 2 -> twoFrames(toc, data, offset, length);
      default -> manyFrames(toc, data, offset, length);
    };
  }

  /** Duration of one frame (RFC 6716 §3.1, table 2). */
  static int frameSamples(int toc) {
    int config = (toc & 0xff) >> 3;
    if (config >= 16) {
      return 120 << (config & 3); // CELT: 2.5, 5, 10, 20 ms
    }
    if (config >= 12) {
      return 480 << (config & 1); // hybrid: 10, 20 ms
    }
    return (config & 3) == 3 ? 2880 : 480 << (config & 3); // SILK: 10, 20, 40, 60 ms
  }

  static boolean isCelt(int toc) {
    return (toc & 0x80) != 0;
  }

  static boolean isStereo(int toc) {
    return (toc & 4) != 0;
  }

  /** Audio bandwidth in the words of RFC 6716 §2. */
  static String bandwidth(int toc) {
    return switch ((toc & 0xff) >> 3) {
      case 0, 1, 2, 3, 16, 17, 18, 19 -> "narrowband";
      case 4, 5, 6, 7 -> "mediumband";
      case 8, 9, 10, 11, 20, 21, 22, 23 -> "wideband";
      case 12, 13, 24, 25, 26, 27 -> "superwideband";
      default -> "fullband";
    };
  }

  private static int twoEqualFrames(int toc, int length) {
    boolean even = (length - 1) % 2 == 0; // R3
    return even && (length - 1) / 2 <= MAX_FRAME_BYTES ? 2 * frameSamples(toc) : MALFORMED;
  }

  private static int twoFrames(int toc, byte[] data, int offset, int length) {
    int end = offset + length;
    int field = lengthField(data, offset + 1, end);
    if (field < 0) {
      return MALFORMED;
    }
    int first = frameLength(data, offset + 1, field);
    int second = length - 1 - field - first; // R4
    return second >= 0 && second <= MAX_FRAME_BYTES ? 2 * frameSamples(toc) : MALFORMED;
  }

  private static int manyFrames(int toc, byte[] data, int offset, int length) {
    if (length < 2) {
      return MALFORMED; // R6, R7
    }
    int end = offset + length;
    int at = offset + 1;
    int header = data[at++] & 0xff;
    int frames = header & 0x3f;
    int samples = frames * frameSamples(toc);
    if (frames == 0 || samples > MAX_SAMPLES) {
      return MALFORMED; // R5
    }
    int padding = 0;
    if ((header & 0x40) != 0) {
      int p;
      do {
        if (at >= end) {
          return MALFORMED;
        }
        p = data[at++] & 0xff;
        padding += p == 255 ? 254 : p;
      } while (p == 255);
    }
    end -= padding;
    boolean vbr = (header & 0x80) != 0;
    boolean whole = vbr ? vbrFrames(data, at, end, frames) : cbrFrames(end - at, frames);
    return whole ? samples : MALFORMED;
  }

  private static boolean cbrFrames(int bytes, int frames) {
    return bytes >= 0 && bytes % frames == 0 && bytes / frames <= MAX_FRAME_BYTES; // R6
  }

  private static boolean vbrFrames(byte[] data, int from, int end, int frames) {
    int at = from;
    int sum = 0;
    for (int i = 0; i < frames - 1; i++) {
      int field = lengthField(data, at, end);
      if (field < 0) {
        return false;
      }
      sum += frameLength(data, at, field);
      at += field;
    }
    int last = end - at - sum; // R7
    return last >= 0 && last <= MAX_FRAME_BYTES;
  }

  /** How many bytes the frame length at {@code at} takes (RFC 6716 §3.2.1), or -1. */
  private static int lengthField(byte[] data, int at, int end) {
    if (at >= end) {
      return -1;
    }
    if ((data[at] & 0xff) < 252) {
      return 1;
    }
    return at + 1 < end ? 2 : -1;
  }

  private static int frameLength(byte[] data, int at, int field) {
    int first = data[at] & 0xff;
    return field == 1 ? first : first + 4 * (data[at + 1] & 0xff);
  }
}
