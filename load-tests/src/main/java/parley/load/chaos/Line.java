package parley.load.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client's socket: confirms what wants to be confirmed, and passes over what it has had. */
final class Line implements WebSocket.Listener, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private final Queue<JsonNode> events = new ConcurrentLinkedQueue<>();
  private final Set<String> seen = new HashSet<>();
  private final StringBuilder partial = new StringBuilder();
  private CompletableFuture<?> lastSent = CompletableFuture.completedFuture(null);
  private @Nullable WebSocket socket;
  private volatile boolean down;

  private Line() {}

  /** Null: nobody is there. */
  static @Nullable Line open(HttpClient http, String url, String token) {
    var line = new Line();
    try {
      line.socket =
          http.newWebSocketBuilder()
              .header("token", token)
              .connectTimeout(CONNECT)
              .buildAsync(
                  URI.create(url.replaceFirst("^http", "ws") + "/messaging/" + ChaosTeam.TEAM),
                  line)
              .orTimeout(CONNECT.toSeconds(), TimeUnit.SECONDS)
              .join();
      return line;
    } catch (CompletionException e) {
      return null;
    }
  }

  /** Params are pairs of name and value. */
  void say(String event, String... params) {
    ObjectNode json = JSON.createObjectNode().put("event", event);
    ObjectNode object = json.putObject("params");
    for (int i = 0; i < params.length; i += 2) {
      object.put(params[i], params[i + 1]);
    }
    send(json.toString());
  }

  private synchronized void send(String text) {
    WebSocket to = socket;
    if (to != null && !down) {
      // One at a time: a WebSocket refuses a second one while the first is under way.
      lastSent =
          lastSent
              .thenCompose(done -> to.sendText(text, true))
              .exceptionally(
                  e -> {
                    down = true;
                    return to;
                  });
    }
  }

  /** The next event; null: there is none yet. */
  @Nullable JsonNode poll() {
    return events.poll();
  }

  boolean isDown() {
    return down;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      onFrame(partial.toString());
      partial.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void onFrame(String frame) {
    try {
      JsonNode event = JSON.readTree(frame);
      String id = event.path("confirm_id").asText();
      boolean asksBack = !event.path("event").asText().equals("server.confirm") && !id.isEmpty();
      if (asksBack) {
        say("client.confirm", "confirm_id", id);
      }
      if (!asksBack || seen.add(id)) {
        events.add(event);
      }
    } catch (JsonProcessingException e) {
      down = true;
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    down = true;
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    down = true;
  }

  @Override
  public void close() {
    down = true;
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }
}
