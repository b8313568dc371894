package parley.signalling.gateway;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Frames of our own, as a server sends them: whole, not masked (RFC 6455 §5). */
final class Frames {

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;

  private Frames() {}

  static Buffer text(byte[] utf8) {
    return frame(FrameScanner.TEXT, utf8);
  }

  static Buffer ping(byte[] payload) {
    return frame(FrameScanner.PING, payload);
  }

  static Buffer pong(byte[] payload) {
    return frame(FrameScanner.PONG, payload);
  }

  /**
   * @param reason at most 123 bytes
   */
  static Buffer close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    Buffer payload = Buffer.buffer(2 + text.length).appendUnsignedShort(code).appendBytes(text);
    return frame(FrameScanner.CLOSE, payload.getBytes());
  }

  /** Echoes what the client closed with (RFC 6455 §5.5.1). */
  static Buffer close(byte[] payload) {
    return frame(FrameScanner.CLOSE, payload);
  }

  /** Whether somebody is told to go and not to come back: by policy, or by a chat's own code. */
  static boolean isExpulsion(byte[] closePayload) {
    if (closePayload.length < 2) {
      return false;
    }
    int code = (closePayload[0] & 0xFF) << 8 | (closePayload[1] & 0xFF);
    return code == 1008 || code >= 3000;
  }

  /** As a client sends it: masked, with a key of zeros, which is as good as any for these bytes. */
  static Buffer closeByClient(int code) {
    return Buffer.buffer()
        .appendUnsignedByte((short) (FIN | FrameScanner.CLOSE))
        .appendUnsignedByte((short) (MASKED | 2))
        .appendInt(0)
        .appendUnsignedShort(code);
  }

  private static Buffer frame(int opcode, byte[] payload) {
    Buffer frame = Buffer.buffer(payload.length + FrameScanner.MAX_HEAD_BYTES);
    frame.appendUnsignedByte((short) (FIN | opcode));
    if (payload.length < 126) {
      frame.appendUnsignedByte((short) payload.length);
    } else if (payload.length < 1 << 16) {
      frame.appendUnsignedByte((short) 126).appendUnsignedShort(payload.length);
    } else {
      frame.appendUnsignedByte((short) 127).appendLong(payload.length);
    }
    return frame.appendBytes(payload);
  }
}
