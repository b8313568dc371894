package parley.signalling.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A client on a real WebSocket. */
public final class WireClient implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_S = 20;

  /** How a socket was closed. */
  public record Close(int code, String reason) {}

  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Close> closed = new CompletableFuture<>();
  private final WebSocket socket;

  private WireClient(String url, UnaryOperator<WebSocket.Builder> how) throws Exception {
    var builder = how.apply(HTTP.newWebSocketBuilder());
    socket = builder.buildAsync(URI.create(url), new Ears()).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  public static WireClient connect(String url, UnaryOperator<WebSocket.Builder> how)
      throws Exception {
    return new WireClient(url, how);
  }

  public static WireClient withToken(String url, String token) throws Exception {
    return connect(url, builder -> builder.header("token", token));
  }

  public void says(String json) throws Exception {
    raw(json.replace('\'', '"'));
  }

  public void raw(String text) throws Exception {
    socket.sendText(text, true).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  public void binary(String text) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    socket.sendBinary(bytes, true).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  public void part(String text, boolean last) throws Exception {
    socket.sendText(text, last).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  public String subprotocol() {
    return socket.getSubprotocol();
  }

  /** Waits for the next event of this name; those before it are passed over. */
  public JsonNode hears(String name) throws Exception {
    return hears(name, event -> true);
  }

  public JsonNode hears(String name, Predicate<JsonNode> which) throws Exception {
    return hears(Set.of(name), which);
  }

  /** Waits for the next event of one of these names; those before it are passed over. */
  public JsonNode hearsOneOf(String... names) throws Exception {
    return hears(Set.of(names), event -> true);
  }

  private JsonNode hears(Set<String> names, Predicate<JsonNode> which) throws Exception {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (true) {
      JsonNode event = heard.poll(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("did not hear " + String.join(" or ", names));
      }
      if (names.contains(event.get("event").textValue()) && which.test(event)) {
        return event;
      }
    }
  }

  public Close closed() throws Exception {
    return closed.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  public boolean isOpen() {
    return !closed.isDone();
  }

  /** The network goes away: no closing handshake, no answer to pings. */
  public void vanish() {
    socket.abort();
  }

  @Override
  public void close() throws Exception {
    if (isOpen() && !socket.isOutputClosed()) {
      socket.sendClose(1000, "").get(PATIENCE_S, TimeUnit.SECONDS);
    }
  }

  private final class Ears implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        try {
          heard.add(JSON.readTree(parts.toString()));
        } catch (JsonProcessingException e) {
          throw new AssertionError("not JSON: " + parts, e);
        }
        parts.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(new Close(code, reason));
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(new Close(1006, String.valueOf(error)));
    }
  }
}
