package parley.signalling.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Frames written and read anew, apart from the code under test (RFC 6455 §5.2). */
final class Bytes {

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  record Frame(boolean fin, int opcode, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  private Bytes() {}

  /** As a server sends it. */
  static byte[] frame(int opcode, boolean fin, byte[] payload) {
    return frame(opcode, fin, payload, null);
  }

  static byte[] text(String text) {
    return frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  /** As a client sends it. */
  static byte[] masked(int opcode, boolean fin, byte[] payload) {
    return frame(opcode, fin, payload, new byte[] {1, (byte) 0xA2, 3, (byte) 0xF4});
  }

  static byte[] maskedText(String text) {
    return masked(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] frame(int opcode, boolean fin, byte[] payload, byte @Nullable [] key) {
    var head = ByteBuffer.allocate(14);
    head.put((byte) ((fin ? 0x80 : 0) | opcode));
    int mask = key == null ? 0 : 0x80;
    if (payload.length < 126) {
      head.put((byte) (mask | payload.length));
    } else if (payload.length < 65_536) {
      head.put((byte) (mask | 126)).putShort((short) payload.length);
    } else {
      head.put((byte) (mask | 127)).putLong(payload.length);
    }
    if (key != null) {
      head.put(key);
    }
    var frame = new ByteArrayOutputStream(payload.length + head.position());
    frame.write(head.array(), 0, head.position());
    byte[] body = payload.clone();
    for (int i = 0; key != null && i < body.length; i++) {
      body[i] ^= key[i % 4];
    }
    frame.writeBytes(body);
    return frame.toByteArray();
  }

  static Frame readFrame(DataInputStream in) throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    long length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] key = (second & 0x80) != 0 ? in.readNBytes(4) : new byte[4];
    byte[] payload = in.readNBytes((int) length);
    if (payload.length < length) {
      throw new EOFException();
    }
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= key[i % 4];
    }
    return new Frame((first & 0x80) != 0, first & 0x0F, payload);
  }

  static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array();
  }

  static String accept(String key) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(sha);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
