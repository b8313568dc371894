package parley.load.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.load.server.TextSocket;

/** A client's socket: confirms what wants to be confirmed, and passes over what it has had. */
final class Line implements TextSocket.Hearing, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private final Queue<JsonNode> events = new ConcurrentLinkedQueue<>();
  private final Set<String> seen = new HashSet<>();
  private final TextSocket socket = new TextSocket(this);
  private volatile boolean down;

  private Line() {}

  /** Null: nobody is there. */
  static @Nullable Line open(HttpClient http, String url, String token) {
    var line = new Line();
    var builder = http.newWebSocketBuilder().header("token", token).connectTimeout(CONNECT);
    URI door = URI.create(url.replaceFirst("^http", "ws") + "/messaging/" + ChaosTeam.TEAM);
    try {
      TextSocket _ =
          line.socket
              .connect(builder, door)
              .orTimeout(CONNECT.toSeconds(), TimeUnit.SECONDS)
              .join();
      return line;
    } catch (CompletionException e) {
      line.close();
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
    socket.send(json.toString());
  }

  /** The next event; null: there is none yet. */
  @Nullable JsonNode poll() {
    return events.poll();
  }

  boolean isDown() {
    return down;
  }

  @Override
  public void onText(CharSequence text) {
    try {
      JsonNode event = JSON.readTree(text.toString());
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
  public void onClosed(String why) {
    down = true;
  }

  @Override
  public void close() {
    down = true;
    socket.close();
  }
}
