package parley.signalling.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that says and hears bytes. */
final class RawClient implements AutoCloseable {

  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  final Socket socket;
  final DataInputStream in;
  final OutputStream out;

  /** The answer's head. */
  final String head;

  private RawClient(int port, String request) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    out.write(request.getBytes(StandardCharsets.UTF_8));
    out.flush();
    var read = new ByteArrayOutputStream();
    while (!read.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
      read.write(in.readUnsignedByte());
    }
    head = read.toString(StandardCharsets.UTF_8);
  }

  /** Asks for a WebSocket. */
  static RawClient open(int port, String uri, String... headers) throws IOException {
    return new RawClient(
        port,
        "GET "
            + uri
            + " HTTP/1.1\r\nHost: chat.example\r\nUpgrade: websocket\r\nConnection: keep-alive,"
            + " Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\n"
            + String.join("", List.of(headers).stream().map(line -> line + "\r\n").toList())
            + "\r\n");
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  byte[] read(int bytes) throws IOException {
    return in.readNBytes(bytes);
  }

  Bytes.Frame frame() throws IOException {
    return Bytes.readFrame(in);
  }

  int status() {
    return Integer.parseInt(head.substring(9, 12));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
