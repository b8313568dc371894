package parley.signalling.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Shakes hands, and knows nothing of what a proper client does next. */
final class BareClient implements AutoCloseable {
  private static final int CLOSE = 8;
  private static final int PING = 9;

  private final Socket socket;
  private final DataInputStream in;

  BareClient(int port, String team, String token) throws IOException {
    socket = new Socket("127.0.0.1", port);
    String upgrade =
        """
        GET /messaging/%s HTTP/1.1
        Host: 127.0.0.1:%d
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
        token: %s

        """;
    OutputStream out = socket.getOutputStream();
    String request = upgrade.formatted(team, port, token).replace("\n", "\r\n");
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    in = new DataInputStream(socket.getInputStream());
    int newlines = 0;
    while (newlines < 4) {
      int next = in.readUnsignedByte();
      newlines = next == '\r' || next == '\n' ? newlines + 1 : 0;
    }
  }

  void sends(int... bytes) throws IOException {
    for (int each : bytes) {
      socket.getOutputStream().write(each);
    }
  }

  /** The header of a masked text frame with a 64-bit length (RFC 6455 §5.2), its mask zero. */
  void announcesFrame(long lengthBytes) throws IOException {
    // At once: the server may close as soon as it knows the length.
    ByteBuffer header = ByteBuffer.allocate(14).put((byte) 0x81).put((byte) 0xFF);
    socket.getOutputStream().write(header.putLong(lengthBytes).array());
  }

  boolean gotPing() throws IOException {
    frame(PING);
    return true;
  }

  int closeCode() throws IOException {
    return ByteBuffer.wrap(frame(CLOSE)).getShort();
  }

  /** Reads frames until one with this opcode comes. */
  private byte[] frame(int wanted) throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0F;
      int length = in.readUnsignedByte();
      byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
      in.readFully(payload);
      if (opcode == wanted) {
        return payload;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
