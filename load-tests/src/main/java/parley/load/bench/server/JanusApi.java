package parley.load.bench.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import parley.load.server.TextSocket;

/** Janus' own protocol on one WebSocket, one session and as many handles as are asked for. */
final class JanusApi implements TextSocket.Hearing, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_S = 30;
  private static final int START_ATTEMPTS = 100;
  private static final long ATTEMPT_NS = 100_000_000L;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong transactions = new AtomicLong();
  private final Map<String, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
  private final Map<Long, Consumer<JsonNode>> events = new ConcurrentHashMap<>();
  private final String plugin;
  private final TextSocket socket = new TextSocket(this);
  private long session;

  private JanusApi(String plugin) {
    this.plugin = plugin;
  }

  /**
   * Waits until it listens.
   *
   * @param plugin that all handles are of, such as {@code janus.plugin.videoroom}
   */
  static JanusApi connect(int port, String plugin) throws IOException, InterruptedException {
    JanusApi api = new JanusApi(plugin);
    URI door = URI.create("ws://127.0.0.1:" + port);
    for (int attempt = 1; !api.isConnected(door); attempt++) {
      if (attempt == START_ATTEMPTS) {
        throw new IOException("Janus does not listen at " + door);
      }
      LockSupport.parkNanos(ATTEMPT_NS);
    }
    api.session = api.ask(verb("create")).path("data").path("id").asLong();
    return api;
  }

  private boolean isConnected(URI door) {
    try {
      var builder = http.newWebSocketBuilder().subprotocols("janus-protocol");
      TextSocket _ = socket.connect(builder, door).join();
      return true;
    } catch (CompletionException e) {
      return false; // it is starting
    }
  }

  /** A request to the plugin. */
  static ObjectNode request(String name) {
    return JsonNodeFactory.instance.objectNode().put("request", name);
  }

  static ObjectNode jsep(String type, String sdp) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("sdp", sdp);
  }

  private static ObjectNode verb(String name) {
    return JsonNodeFactory.instance.objectNode().put("janus", name);
  }

  /** A new handle of the plugin. */
  long attach() throws IOException, InterruptedException {
    ObjectNode attach = verb("attach").put("session_id", session);
    return ask(attach.put("plugin", plugin)).path("data").path("id").asLong();
  }

  /** From now on what the plugin tells this handle without being asked is told, as it came. */
  void onEvent(long handle, Consumer<JsonNode> listener) {
    events.put(handle, listener);
  }

  /** The handle is needed no longer: its peer connection ends. */
  void detach(long handle) throws IOException, InterruptedException {
    events.remove(handle);
    JsonNode _ = ask(verb("detach").put("session_id", session).put("handle_id", handle));
  }

  /** Says something to a handle; returns the plugin's reply, as it came. */
  JsonNode message(long handle, ObjectNode body, @Nullable ObjectNode jsep)
      throws IOException, InterruptedException {
    ObjectNode message = verb("message").put("session_id", session).put("handle_id", handle);
    message.set("body", body);
    if (jsep != null) {
      message.set("jsep", jsep);
    }
    JsonNode reply = ask(message);
    JsonNode data = reply.path("plugindata").path("data");
    if (data.has("error")) {
      throw new IOException("Janus refused: " + data.path("error").asText());
    }
    return reply;
  }

  private JsonNode ask(ObjectNode request) throws IOException, InterruptedException {
    String transaction = Long.toString(transactions.incrementAndGet());
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    pending.put(transaction, reply);
    socket.send(request.put("transaction", transaction).toString());
    try {
      JsonNode answer = reply.get(PATIENCE_S, TimeUnit.SECONDS);
      if (answer.path("janus").asText().equals("error")) {
        throw new IOException("Janus refused: " + answer.path("error").path("reason").asText());
      }
      return answer;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("Janus did not answer", e);
    } finally {
      pending.remove(transaction);
    }
  }

  @Override
  public void onText(CharSequence text) {
    try {
      JsonNode json = JSON.readTree(text.toString());
      CompletableFuture<JsonNode> waiting = pending.get(json.path("transaction").asText());
      if (waiting != null && !json.path("janus").asText().equals("ack")) {
        waiting.complete(json);
      } else if (waiting == null && json.path("janus").asText().equals("event")) {
        Consumer<JsonNode> listener = events.get(json.path("sender").asLong());
        if (listener != null) {
          listener.accept(json.path("plugindata").path("data"));
        }
      }
    } catch (JsonProcessingException e) {
      pending.values().forEach(waiting -> waiting.completeExceptionally(e));
    }
  }

  @Override
  public void onClosed(String why) {
    IOException closed = new IOException("the socket was closed: " + why);
    pending.values().forEach(waiting -> waiting.completeExceptionally(closed));
  }

  @Override
  public void close() {
    socket.close();
    http.shutdownNow();
  }
}
