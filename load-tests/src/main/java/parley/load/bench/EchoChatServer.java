package parley.load.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A chat server that knows one person, and sends back whatever its clients say: so that the time
 * there and back can be taken at the client.
 */
final class EchoChatServer implements AutoCloseable {

  private static final String ME =
      "{\"ok\":true,\"result\":{\"uid\":\"%s\",\"name\":\"Team\",\"me\":"
          + "{\"jid\":\"d-bd500a50-3a38-44d1-a43c-fb1a48e1a79e\",\"display_name\":\"Me\"}}}";

  private final ServerSocket server;

  EchoChatServer() throws IOException {
    server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      OutputStream out = socket.getOutputStream();
      while (true) {
        String path = line(in).split(" ")[1];
        String key = "";
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
          if (field.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
            key = field.substring(field.indexOf(':') + 1).strip();
          }
        }
        if (!key.isEmpty()) {
          out.write(ProbeSocket.accepting(key).getBytes(StandardCharsets.US_ASCII));
          while (true) {
            out.write(ProbeSocket.frame(ProbeSocket.payload(in), false));
          }
        }
        out.write(answer(path));
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  private static byte[] answer(String path) {
    String[] parts = path.split("/");
    String body = parts.length == 5 ? ME.formatted(parts[4]) : "{\"ok\":true,\"result\":[]}";
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
