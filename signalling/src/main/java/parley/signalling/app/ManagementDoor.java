package parley.signalling.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.health.Health;
import parley.signalling.health.HealthBody;
import parley.signalling.servers.Watch;

/**
 * A port of its own for whoever runs the node: {@code /metrics} and {@code /health}, without a
 * token. It stands on the JDK's own server, so that it answers whatever happens to the others.
 */
final class ManagementDoor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ManagementDoor.class);

  /** Connections that may wait to be taken. */
  private static final int BACKLOG = 50;

  private final Watch watch;
  private final JsonMapper json = new JsonMapper();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Begins to listen.
   *
   * @throws IOException with a sentence, when the port cannot be had
   */
  static ManagementDoor open(ManagementConfig config, Watch watch) throws IOException {
    try {
      return new ManagementDoor(config, watch);
    } catch (IOException e) {
      throw new IOException(
          config.host()
              + " port "
              + config.port()
              + " cannot be had ("
              + e.getMessage()
              + "); right would be another management.port (PARLEY_MANAGEMENT_PORT), or 0 for none",
          e);
    }
  }

  private ManagementDoor(ManagementConfig config, Watch watch) throws IOException {
    this.watch = watch;
    server = HttpServer.create(new InetSocketAddress(config.host(), config.port()), BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::onRequest);
    server.start();
    log.info("metrics and health on {} port {}", config.host(), port());
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void onRequest(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, "text/plain", "only GET\n");
        return;
      }
      Health health = watch.health().now();
      switch (exchange.getRequestURI().getPath()) {
        case "/metrics" -> send(exchange, 200, Watch.METRICS_TYPE, watch.metrics().get());
        case "/health/live" -> send(exchange, health, health.isLive());
        case "/health", "/health/ready" -> send(exchange, health, health.isReady());
        case null, default -> send(exchange, 404, "text/plain", "/metrics or /health\n");
      }
    } catch (RuntimeException e) {
      log.error("a defect while answering {}", exchange.getRequestURI().getPath(), e);
    }
  }

  private void send(HttpExchange exchange, Health health, boolean good) throws IOException {
    String body = json.writeValueAsString(HealthBody.whole(health));
    send(exchange, good ? 200 : 503, "application/json", body);
  }

  private static void send(HttpExchange exchange, int status, String type, @Nullable String text)
      throws IOException {
    byte[] body = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
