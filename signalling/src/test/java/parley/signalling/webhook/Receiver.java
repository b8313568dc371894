package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A chat server's side: checks what comes in as API.md says, and answers as told. */
public final class Receiver implements AutoCloseable {

  public static final String SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What came in; its signature was right. */
  public record Request(String id, JsonNode body, int status) {
    public String type() {
      return body.path("type").asText();
    }

    public String call() {
      return body.at("/data/uid").asText();
    }
  }

  /** Answers nothing until the receiver is closed. */
  static final int SILENT = 0;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger underWay = new AtomicInteger();
  final AtomicInteger mostUnderWay = new AtomicInteger();

  /** Genuine requests so far, the one being answered not counted. */
  final AtomicInteger before = new AtomicInteger();

  final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  final BlockingQueue<String> forged = new LinkedBlockingQueue<>();
  volatile Function<Request, Integer> answers = request -> 204;
  volatile String location = "";
  volatile String retryAfter = "";

  public Receiver() throws IOException {
    this(0);
  }

  Receiver(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::onRequest);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/events");
  }

  private void onRequest(HttpExchange exchange) throws IOException {
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String id = exchange.getRequestHeaders().getFirst("webhook-id");
      if (!isGenuine(exchange, id, body)) {
        forged.add(new String(body, StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      var request = new Request(id, JSON.readTree(body), 0);
      int status = answers.apply(request);
      before.incrementAndGet();
      requests.add(new Request(id, request.body(), status));
      if (status == SILENT) {
        closed.await();
        return;
      }
      if (!location.isEmpty()) {
        exchange.getResponseHeaders().add("location", location);
      }
      if (!retryAfter.isEmpty()) {
        exchange.getResponseHeaders().add("retry-after", retryAfter);
      }
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.decrementAndGet();
    }
  }

  private static boolean isGenuine(HttpExchange exchange, String id, byte[] body) {
    String timestamp = exchange.getRequestHeaders().getFirst("webhook-timestamp");
    String signatures = exchange.getRequestHeaders().getFirst("webhook-signature");
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 300) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII));
      String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      return Arrays.stream(signatures.split(" ", -1))
          .anyMatch(
              signature ->
                  MessageDigest.isEqual(
                      signature.getBytes(StandardCharsets.US_ASCII),
                      expected.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next request; waits for it. */
  public Request next() throws InterruptedException {
    Request request = requests.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(request).as("a request").isNotNull();
    return request;
  }

  List<Request> next(int count) throws InterruptedException {
    List<Request> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(next());
    }
    return all;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
