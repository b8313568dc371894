package parley.load.bench.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One participant's socket to Parley: offers, and waits for the answer. What else the server says
 * is confirmed if asked for, and not read: the bench has a thousand of these.
 */
final class CallSocket implements WebSocket.Listener {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Event and confirm_id stand in front; a state of a thousand people is long. */
  private static final int HEAD_CHARS = 200;

  private final StringBuilder partial = new StringBuilder();
  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private CompletableFuture<?> lastSent = CompletableFuture.completedFuture(null);
  private final BiConsumer<String, Boolean> talking;
  private @Nullable WebSocket socket;

  private CallSocket(BiConsumer<String, Boolean> talking) {
    this.talking = talking;
  }

  static CallSocket connect(HttpClient http, String url, String team, String token) {
    return connect(http, url, team, token, (actor, on) -> {});
  }

  /**
   * @param talking is told who begins and ceases to talk, by jid
   */
  static CallSocket connect(
      HttpClient http, String url, String team, String token, BiConsumer<String, Boolean> talking) {
    CallSocket listener = new CallSocket(talking);
    listener.socket =
        http.newWebSocketBuilder()
            .header("token", token)
            .buildAsync(
                URI.create(url.replaceFirst("^http", "ws") + "/messaging/" + team), listener)
            .join();
    return listener;
  }

  /** The future is complete with the answer's SDP. */
  CompletableFuture<String> offer(String chat, String sdp) {
    ObjectNode event = JSON.createObjectNode().put("event", "client.call.offer");
    event
        .putObject("params")
        .put("jid", chat)
        .put("muted", false)
        .put("trickle", false)
        .put("sdp", sdp);
    send(event.toString());
    return answer;
  }

  void close() {
    if (socket != null) {
      socket.abort();
    }
  }

  private synchronized void send(String text) {
    WebSocket to = socket;
    if (to != null) {
      // One at a time: a WebSocket refuses a second one while the first is under way.
      lastSent = lastSent.thenCompose(done -> to.sendText(text, true));
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
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
    boolean answers = head.contains("\"server.call.answer\"");
    boolean talks = head.contains("\"server.call.talking\"");
    if (!answers
        && !talks
        && !head.contains("\"confirm_id\"")
        && !head.contains("\"server.warning\"")) {
      return;
    }
    try {
      JsonNode event = JSON.readTree(frame.toString());
      if (event.hasNonNull("confirm_id") && !head.contains("\"server.confirm\"")) {
        ObjectNode confirm = JSON.createObjectNode().put("event", "client.confirm");
        confirm.putObject("params").put("confirm_id", event.path("confirm_id").asText());
        send(confirm.toString());
      }
      if (talks) {
        JsonNode params = event.path("params");
        talking.accept(params.path("actor").asText(), params.path("talking").asBoolean());
      } else if (answers) {
        answer.complete(event.path("params").path("jsep").path("sdp").asText());
      } else if (head.contains("\"server.warning\"")) {
        answer.completeExceptionally(new IllegalStateException(frame.toString()));
      }
    } catch (JsonProcessingException e) {
      answer.completeExceptionally(e);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    answer.completeExceptionally(
        new IllegalStateException("the socket was closed: " + code + " " + reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    answer.completeExceptionally(error);
  }
}
