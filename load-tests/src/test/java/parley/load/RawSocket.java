package parley.load;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A WebSocket made of bytes: it can do what no library's would (RFC 6455 §5.2). */
final class RawSocket implements AutoCloseable {

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;

  /** A client must mask; with zeros, the payload stays as it is. */
  private static final byte[] MASK = new byte[4];

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Connects, and says nothing. */
  static RawSocket silent(String url) throws IOException {
    URI uri = URI.create(url);
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 10_000);
    return new RawSocket(socket);
  }

  /**
   * Asks for a WebSocket.
   *
   * @param headers more header lines, each with its CRLF
   * @return the status line of the answer
   */
  String handshake(String url, String team, String headers) throws IOException {
    String request =
        "GET /messaging/%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                .formatted(team, URI.create(url).getAuthority())
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + headers
            + "\r\n";
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "closed";
      }
      answer.append((char) next);
    }
    return answer.substring(0, answer.indexOf("\r\n"));
  }

  /** A WebSocket of who has this token. */
  static RawSocket open(String url, String team, String token) throws IOException {
    RawSocket socket = silent(url);
    String status = socket.handshake(url, team, "token: " + token + "\r\n");
    if (!status.contains(" 101 ")) {
      throw new IOException(status);
    }
    return socket;
  }

  void send(int opcode, boolean last, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write((last ? FIN : 0) | opcode);
    if (payload.length < TWO_BYTES) {
      frame.write(MASKED | payload.length);
    } else if (payload.length <= 0xffff) {
      frame.write(MASKED | TWO_BYTES);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      frame.write(MASKED | EIGHT_BYTES);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    frame.writeBytes(MASK);
    frame.writeBytes(payload);
    out.write(frame.toByteArray());
  }

  void text(String text) throws IOException {
    send(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads until the server closes.
   *
   * @return the code it gave; 0: none, the connection is gone; -1: it did not close in time
   */
  int closeCode(Duration patience) throws IOException {
    long endNs = System.nanoTime() + patience.toNanos();
    try {
      for (long leftNs = patience.toNanos(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
        socket.setSoTimeout((int) Math.max(1, leftNs / 1_000_000));
        int first = in.read();
        if (first < 0) {
          return 0;
        }
        int length = in.readUnsignedByte();
        long size =
            length == EIGHT_BYTES
                ? in.readLong()
                : length == TWO_BYTES ? in.readUnsignedShort() : length;
        byte[] payload = in.readNBytes((int) size);
        if ((first & 0xf) == CLOSE) {
          return payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort();
        }
      }
      return -1;
    } catch (SocketTimeoutException e) {
      return -1;
    } catch (IOException e) {
      return 0; // reset
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
