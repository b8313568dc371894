package parley.signalling.access;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A chat server on a port of its own, for everything that Parley asks it. */
public final class ChatServer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Bodies of the requests so far. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** Sent with every answer; a request that has it already gets 304. Empty: none. */
  public volatile String etag = "";

  /** Paths of the requests so far. */
  public final List<String> paths = new CopyOnWriteArrayList<>();

  /** Method and header fields of the last request. */
  public volatile String method = "";

  public volatile Map<String, List<String>> headers = Map.of();

  /** Authorization of the last request. */
  public volatile @Nullable String authorization;

  public volatile int status = 200;
  public volatile UnaryOperator<String> answer = request -> "{}";

  /** While it is there, answers wait for it. */
  public volatile @Nullable CountDownLatch gate;

  public ChatServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::onRequest);
    server.start();
  }

  public URI url(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private void onRequest(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    authorization = exchange.getRequestHeaders().getFirst("Authorization");
    method = exchange.getRequestMethod();
    headers = Map.copyOf(exchange.getRequestHeaders());
    requests.add(body);
    paths.add(exchange.getRequestURI().getPath());
    CountDownLatch wait = gate;
    try {
      if (wait != null) {
        wait.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!etag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", etag);
      if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
        exchange.sendResponseHeaders(304, -1);
        exchange.close();
        return;
      }
    }
    byte[] bytes = answer.apply(body).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
