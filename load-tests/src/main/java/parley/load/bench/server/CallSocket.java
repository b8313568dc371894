package parley.load.bench.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import parley.load.server.EventSocket;

/** One participant's socket to Parley: offers, and waits for the answer. */
final class CallSocket implements EventSocket.Hearing {

  private static final String ANSWER = "server.call.answer";
  private static final String TALKING = "server.call.talking";
  private static final String WARNING = "server.warning";

  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final BiConsumer<String, Boolean> talking;
  private @Nullable EventSocket socket;

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
    CallSocket hearing = new CallSocket(talking);
    hearing.socket = EventSocket.connect(http, url, team, token, hearing).join();
    return hearing;
  }

  /** The future is complete with the answer's SDP. */
  CompletableFuture<String> offer(String chat, String sdp) {
    if (socket != null) {
      socket.send(
          "client.call.offer",
          EventSocket.params()
              .put("jid", chat)
              .put("muted", false)
              .put("trickle", false)
              .put("sdp", sdp));
    }
    return answer;
  }

  void close() {
    if (socket != null) {
      socket.close();
    }
  }

  @Override
  public Set<String> wanted() {
    return Set.of(ANSWER, TALKING, WARNING);
  }

  @Override
  public void onEvent(String name, JsonNode params) {
    switch (name) {
      case TALKING ->
          talking.accept(params.path("actor").asText(), params.path("talking").asBoolean());
      case ANSWER -> answer.complete(params.path("jsep").path("sdp").asText());
      default ->
          answer.completeExceptionally(
              new IllegalStateException("the server warned: " + params.path("message").asText()));
    }
  }

  @Override
  public void onClosed(String why) {
    answer.completeExceptionally(new IllegalStateException("the socket was closed: " + why));
  }
}
