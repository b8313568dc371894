package parley.load.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A WebSocket without anything that takes time of its own, to measure with. */
final class ProbeSocket implements AutoCloseable {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  ProbeSocket(int port, String team) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = socket.getOutputStream();
    String request =
        "GET /messaging/"
            + team
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "token: me\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    String status = EchoChatServer.line(in);
    if (!status.contains(" 101 ")) {
      throw new IOException("no WebSocket: " + status);
    }
    while (!EchoChatServer.line(in).isEmpty()) {
      // the rest of the head
    }
  }

  /**
   * Sends a text and waits for it to come back.
   *
   * @return nanoseconds
   */
  long roundTrip(byte[] text) throws IOException {
    byte[] frame = frame(text, true);
    long beganNs = System.nanoTime();
    out.write(frame);
    byte[] back = payload(in);
    long tookNs = System.nanoTime() - beganNs;
    if (!Arrays.equals(text, back)) {
      throw new IOException("something else came back");
    }
    return tookNs;
  }

  /** A whole text frame (RFC 6455 §5.2); a client's is masked, here with zeros. */
  static byte[] frame(byte[] payload, boolean client) {
    ByteBuffer head = ByteBuffer.allocate(14);
    int mask = client ? 0x80 : 0;
    head.put((byte) 0x81);
    if (payload.length < 126) {
      head.put((byte) (mask | payload.length));
    } else {
      head.put((byte) (mask | 126)).putShort((short) payload.length);
    }
    if (client) {
      head.putInt(0);
    }
    var frame = new ByteArrayOutputStream(payload.length + head.position());
    frame.write(head.array(), 0, head.position());
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** Of the next frame; control frames are passed over. */
  static byte[] payload(DataInputStream in) throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0F;
      int second = in.readUnsignedByte();
      int length = second & 0x7F;
      if (length == 126) {
        length = in.readUnsignedShort();
      }
      byte[] key = (second & 0x80) == 0 ? new byte[4] : in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= key[i % 4];
      }
      if (opcode < 8) {
        return payload;
      }
    }
  }

  /** The answer to a handshake (RFC 6455 §4.2.2). */
  static String accepting(String key) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(sha)
          + "\r\n\r\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
