package parley.load.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One person's socket to a server that speaks the call protocol. What has to be confirmed is; of
 * what the server says only the wanted events are read, for there may be thousands of these, and a
 * state of a thousand people is long.
 */
public final class EventSocket implements WebSocket.Listener {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Event and confirm_id stand in front of the params. */
  private static final int HEAD_CHARS = 200;

  private static final Pattern EVENT = Pattern.compile("\"event\"\\s*:\\s*\"([a-z.]+)\"");

  /** What is wanted of what the server says; told on the HTTP client's threads: be short. */
  public interface Hearing {

    /** The names of the events that are read. */
    Set<String> wanted();

    void onEvent(String name, JsonNode params);

    /** Nothing more will come. */
    void onClosed(String why);
  }

  private final Hearing hearing;
  private final StringBuilder partial = new StringBuilder();
  private CompletableFuture<?> lastSent = CompletableFuture.completedFuture(null);
  private @Nullable WebSocket socket;
  private boolean closed;

  private EventSocket(Hearing hearing) {
    this.hearing = hearing;
  }

  /**
   * Signs in by the token header, as native clients do.
   *
   * @param url {@code http://host:port} without a slash at the end
   * @return complete when the server has let the socket in
   */
  public static CompletableFuture<EventSocket> connect(
      HttpClient http, String url, String team, String token, Hearing hearing) {
    EventSocket listener = new EventSocket(hearing);
    return http.newWebSocketBuilder()
        .header("token", token)
        .buildAsync(URI.create(url.replaceFirst("^http", "ws") + "/messaging/" + team), listener)
        .thenApply(
            open -> {
              listener.open(open);
              return listener;
            });
  }

  private synchronized void open(WebSocket open) {
    socket = open;
  }

  /** An object for an event's params. */
  public static ObjectNode params() {
    return JSON.createObjectNode();
  }

  /** Says an event without asking for a confirmation. */
  public void send(String event, ObjectNode params) {
    ObjectNode frame = JSON.createObjectNode().put("event", event);
    frame.set("params", params);
    send(frame.toString());
  }

  private synchronized void send(String text) {
    WebSocket to = socket;
    if (to != null && !closed) {
      // One at a time: a WebSocket refuses a second one while the first is under way.
      lastSent = lastSent.thenCompose(done -> to.sendText(text, true));
    }
  }

  /** Says nothing more and hears nothing more. */
  public synchronized void close() {
    closed = true;
    if (socket != null) {
      socket.abort();
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    open(from); // the first text may come before whoever connects is told
    if (last && partial.isEmpty()) {
      onFrame(data);
    } else {
      partial.append(data);
      if (last) {
        onFrame(partial);
        partial.setLength(0);
      }
    }
    from.request(1);
    return null;
  }

  private void onFrame(CharSequence frame) {
    String head = frame.subSequence(0, Math.min(HEAD_CHARS, frame.length())).toString();
    Matcher event = EVENT.matcher(head);
    String name = event.find() ? event.group(1) : "";
    boolean wanted = hearing.wanted().contains(name);
    boolean confirms = !name.equals("server.confirm") && head.contains("\"confirm_id\"");
    if (!wanted && !confirms) {
      return;
    }
    JsonNode json;
    try {
      json = JSON.readTree(frame.toString());
    } catch (JsonProcessingException e) {
      hearing.onClosed("the server sent what is no JSON");
      return;
    }
    if (confirms && json.hasNonNull("confirm_id")) {
      send("client.confirm", params().put("confirm_id", json.path("confirm_id").asText()));
    }
    if (wanted) {
      hearing.onEvent(name, json.path("params"));
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    hearing.onClosed((code + " " + reason).strip());
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    hearing.onClosed("lost: " + error.getClass().getSimpleName());
  }
}
