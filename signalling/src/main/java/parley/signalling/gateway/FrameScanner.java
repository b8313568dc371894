package parley.signalling.gateway;

import io.vertx.core.buffer.Buffer;

/**
 * Finds the frames in a stream of bytes (RFC 6455 §5.2), however it is cut. Nothing is collected
 * but a frame's head: a payload of any size only passes by.
 *
 * <p>Not strict: what breaks the RFC is for the two ends to complain of. The longest payload is
 * 2^63-1 bytes, as the RFC has it; a length beyond is taken for the longest.
 */
final class FrameScanner {

  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /** Two bytes, eight of length, four of masking key. */
  static final int MAX_HEAD_BYTES = 14;

  /** What the bytes that were read last are. */
  enum Step {
    /** Part of a frame's head; it goes on. */
    PART_OF_HEAD,
    /** A frame's head, or the rest of it. */
    HEAD,
    /** Payload. */
    PAYLOAD
  }

  private final byte[] head = new byte[MAX_HEAD_BYTES];
  private int headBytes;
  private long left;
  private long offset;
  private Step step = Step.PAYLOAD;

  /**
   * Reads on.
   *
   * @return where the next step begins
   */
  int read(Buffer in, int from, int to) {
    return left > 0 ? readPayload(from, to) : readHead(in, from, to);
  }

  private int readPayload(int from, int to) {
    step = Step.PAYLOAD;
    int bytes = (int) Math.min(left, to - from);
    left -= bytes;
    offset += bytes;
    return from + bytes;
  }

  private int readHead(Buffer in, int from, int to) {
    if (step != Step.PART_OF_HEAD) {
      headBytes = 0;
    }
    int at = from;
    while (at < to && (headBytes < 2 || headBytes < wantedHeadBytes())) {
      head[headBytes++] = in.getByte(at++);
    }
    if (headBytes < 2 || headBytes < wantedHeadBytes()) {
      step = Step.PART_OF_HEAD;
    } else {
      step = Step.HEAD;
      left = length();
      offset = 0;
    }
    return at;
  }

  private int wantedHeadBytes() {
    return 2 + lengthBytes() + (masked() ? 4 : 0);
  }

  private int lengthBytes() {
    return switch (head[1] & 0x7F) {
      case 126 -> 2;
      case 127 -> 8;
      default -> 0;
    };
  }

  Step step() {
    return step;
  }

  /** Whether the frame ends with what was read last. */
  boolean frameEnds() {
    return step != Step.PART_OF_HEAD && left == 0;
  }

  /** The head that was read last, whole. */
  Buffer head() {
    return Buffer.buffer().appendBytes(head, 0, headBytes);
  }

  int headBytes() {
    return headBytes;
  }

  int opcode() {
    return head[0] & 0x0F;
  }

  boolean isControl() {
    return opcode() >= CLOSE;
  }

  /** Whether this is its message's last frame. */
  boolean fin() {
    return (head[0] & 0x80) != 0;
  }

  /** Whether an extension has changed the payload: a compressed one cannot be read. */
  boolean reserved() {
    return (head[0] & 0x70) != 0;
  }

  boolean masked() {
    return (head[1] & 0x80) != 0;
  }

  /** Bytes of payload. */
  long length() {
    int lengthBytes = lengthBytes();
    if (lengthBytes == 0) {
      return head[1] & 0x7F;
    }
    long length = 0;
    for (int i = 2; i < 2 + lengthBytes; i++) {
      length = length << 8 | (head[i] & 0xFF);
    }
    return length < 0 ? Long.MAX_VALUE : length;
  }

  /** The payload that was read last, as it was before it was masked (RFC 6455 §5.3). */
  byte[] unmasked(Buffer in, int from, int to) {
    byte[] bytes = in.getBytes(from, to);
    if (masked()) {
      long first = offset - bytes.length;
      int key = 2 + lengthBytes();
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] ^= head[key + (int) ((first + i) & 3)];
      }
    }
    return bytes;
  }
}
