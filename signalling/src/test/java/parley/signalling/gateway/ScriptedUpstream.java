package parley.signalling.gateway;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A chat server that says what a test has it say, byte by byte; can be killed and started again.
 */
final class ScriptedUpstream implements AutoCloseable {

  /**
   * A request, as it came. Header names are in lower case; repeated ones are joined by {@code |}.
   */
  record Request(String method, String uri, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /**
   * @param headers whole lines
   */
  record Response(int status, String reason, List<String> headers, byte[] body) {
    static Response json(String body) {
      return new Response(
          200,
          "OK",
          List.of("Content-Type: application/json"),
          body.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** One of its WebSockets, after the handshake. */
  record Peer(Request request, Socket socket, DataInputStream in, OutputStream out) {
    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    byte[] read(int bytes) throws IOException {
      return in.readNBytes(bytes);
    }

    /** The text of the next frame of a client. */
    String text() throws IOException {
      return new String(Bytes.readFrame(in).payload(), StandardCharsets.UTF_8);
    }
  }

  final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
  final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Exact paths first. */
  final Map<String, Function<Request, Response>> answers = new ConcurrentHashMap<>();

  /** What the handshake is answered with, instead of 101. */
  volatile @Nullable Response refusal;

  volatile @Nullable String subprotocol;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket server;
  private @Nullable Thread acceptor;
  private int port;

  void start() throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    port = socket.getLocalPort();
    server = socket;
    acceptor = Thread.ofVirtual().start(() -> accept(socket));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  int port() {
    return port;
  }

  /** As by {@code kill -9}: every connection is reset. */
  void kill() throws IOException {
    if (server != null) {
      server.close();
    }
    if (acceptor != null) {
      try {
        acceptor.join(); // until then the port takes connections
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    for (Socket socket : open) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }
    open.clear();
  }

  Peer peer() throws InterruptedException {
    Peer peer = peers.poll(20, TimeUnit.SECONDS);
    if (peer == null) {
      throw new AssertionError("nobody came");
    }
    return peer;
  }

  @Override
  public void close() throws IOException {
    kill();
  }

  private void accept(ServerSocket from) {
    while (true) {
      try {
        Socket socket = from.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return; // killed
      }
    }
  }

  private void serve(Socket socket) {
    try {
      var in = new DataInputStream(socket.getInputStream());
      var out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      while (true) {
        Request request = read(in, out);
        requests.add(request);
        if (request.headers().containsKey("upgrade") && refusal == null) {
          out.write(handshake(request).getBytes(StandardCharsets.US_ASCII));
          out.flush();
          peers.add(new Peer(request, socket, in, socket.getOutputStream()));
          return;
        }
        Response refused = request.headers().containsKey("upgrade") ? refusal : null;
        write(out, request, refused != null ? refused : answer(request));
      }
    } catch (IOException | UncheckedIOException e) {
      open.remove(socket);
    }
  }

  private Response answer(Request request) {
    String path = request.uri().replaceFirst("\\?.*", "");
    Function<Request, Response> answer = answers.get(path);
    return answer != null
        ? answer.apply(request)
        : new Response(
            404,
            "Nowhere To Be Found",
            List.of("Content-Type: application/json"),
            "{\"ok\":false,\"error\":\"NOT_FOUND\"}".getBytes(StandardCharsets.UTF_8));
  }

  private String handshake(Request request) {
    String accept = Bytes.accept(request.header("sec-websocket-key"));
    String agreed = subprotocol;
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept
        + "\r\nX-Chat: yes\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        + (agreed == null ? "" : "Sec-WebSocket-Protocol: " + agreed + "\r\n")
        + "\r\n";
  }

  private static void write(OutputStream out, Request request, Response response)
      throws IOException {
    var head = new StringBuilder();
    head.append("HTTP/1.1 ").append(response.status()).append(' ').append(response.reason());
    head.append("\r\n");
    response.headers().forEach(line -> head.append(line).append("\r\n"));
    boolean chunked = response.headers().contains("Transfer-Encoding: chunked");
    if (!chunked && response.status() != 304 && response.status() != 204) {
      head.append("Content-Length: ").append(response.body().length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    if (!request.method().equals("HEAD")) {
      if (chunked) {
        for (int at = 0; at < response.body().length; at += 10_000) {
          int bytes = Math.min(10_000, response.body().length - at);
          out.write((Integer.toHexString(bytes) + "\r\n").getBytes(StandardCharsets.US_ASCII));
          out.write(response.body(), at, bytes);
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } else {
        out.write(response.body());
      }
    }
    out.flush();
  }

  private static Request read(DataInputStream in, OutputStream out) throws IOException {
    String[] line = line(in).split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      String[] parts = field.split(": ?", 2);
      headers.merge(parts[0].toLowerCase(Locale.ROOT), parts[1], (a, b) -> a + "|" + b);
    }
    if (headers.containsKey("expect")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return new Request(line[0], line[1], headers, body(in, headers));
  }

  private static byte[] body(DataInputStream in, Map<String, String> headers) throws IOException {
    if (!headers.containsKey("transfer-encoding")) {
      return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    var body = new ByteArrayOutputStream();
    while (true) {
      int bytes = Integer.parseInt(line(in), 16);
      body.writeBytes(in.readNBytes(bytes));
      line(in);
      if (bytes == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** The paths that were asked for, in their order. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    requests.forEach(request -> paths.add(request.method() + " " + request.uri()));
    return paths;
  }
}
