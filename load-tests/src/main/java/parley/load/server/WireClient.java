package parley.load.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import parley.load.Eventually;

/** A contact's device that speaks the protocol and nothing else: no browser, no media. */
public final class WireClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<JsonNode> received = new ArrayList<>();
  private final WebSocket socket;
  private volatile String closed = "";

  /** Connects by the token header, as native clients do. */
  public WireClient(String url, String team, String token) {
    socket =
        http.newWebSocketBuilder()
            .header("token", token)
            .connectTimeout(PATIENCE)
            .buildAsync(
                URI.create(url.replaceFirst("^http", "ws") + "/messaging/" + team), new Reader())
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  /** Sends an event; the parameters are pairs of name and value. */
  public void send(String event, Object... params) {
    ObjectNode json = JSON.createObjectNode().put("event", event);
    ObjectNode object = json.putObject("params");
    for (int i = 0; i < params.length; i += 2) {
      object.set((String) params[i], JSON.valueToTree(params[i + 1]));
    }
    sendText(json.toString());
  }

  /** Sends any text; false when the server has closed the connection. */
  public boolean sendText(String text) {
    try {
      socket.sendText(text, true).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  /** Sends any bytes; false when the server has closed the connection. */
  public boolean sendBinary(byte[] bytes) {
    try {
      socket
          .sendBinary(ByteBuffer.wrap(bytes), true)
          .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  /** The parameters of the first event of this name that match, after waiting for it. */
  public JsonNode await(String event, Predicate<JsonNode> params) {
    return Eventually.value(
            event,
            PATIENCE,
            () -> all(event).stream().filter(params).toList(),
            found -> !found.isEmpty(),
            () -> "received: " + names() + " " + closed)
        .getFirst();
  }

  /** The parameters of all events of this name so far. */
  public List<JsonNode> all(String event) {
    synchronized (received) {
      return received.stream()
          .filter(e -> e.path("event").asText().equals(event))
          .map(e -> e.path("params"))
          .toList();
    }
  }

  /** Code and reason with which the server closed; empty while it is open. */
  public String closed() {
    return closed;
  }

  private List<String> names() {
    synchronized (received) {
      return received.stream().map(e -> e.path("event").asText()).toList();
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        try {
          JsonNode event = JSON.readTree(partial.toString());
          synchronized (received) {
            received.add(event);
          }
        } catch (JsonProcessingException e) {
          closed = "the server sent what is no JSON: " + partial;
        }
        partial.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
      closed = statusCode + " " + reason;
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      closed = "lost: " + error;
    }
  }
}
