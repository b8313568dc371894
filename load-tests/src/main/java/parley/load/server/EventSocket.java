package parley.load.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One person's socket to a server that speaks the call protocol. What has to be confirmed is; of
 * what the server says only the wanted events are read, for there may be thousands of these, and a
 * state of a thousand people is long.
 */
public final class EventSocket {

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
  private final TextSocket socket = new TextSocket(new Reader());

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
    EventSocket made = new EventSocket(hearing);
    URI door = URI.create(url.replaceFirst("^http", "ws") + "/messaging/" + team);
    return made.socket
        .connect(http.newWebSocketBuilder().header("token", token), door)
        .thenApply(_ -> made);
  }

  /** An object for an event's params. */
  public static ObjectNode params() {
    return JSON.createObjectNode();
  }

  /** Says an event without asking for a confirmation. */
  public void send(String event, ObjectNode params) {
    ObjectNode frame = JSON.createObjectNode().put("event", event);
    frame.set("params", params);
    socket.send(frame.toString());
  }

  /** Says nothing more and hears nothing more. */
  public void close() {
    socket.close();
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

  private final class Reader implements TextSocket.Hearing {

    @Override
    public void onText(CharSequence text) {
      onFrame(text);
    }

    @Override
    public void onClosed(String why) {
      hearing.onClosed(why);
    }
  }
}
