package parley.load.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Commands, answers and events as JSON over one WebSocket. WebDriver BiDi and the Chrome DevTools
 * Protocol share this frame: {@code {id, method, params}} there, {@code {id, result|error}} or
 * {@code {method, params}} back.
 */
final class DebugChannel implements AutoCloseable {

  /** A page that decodes and returns ten seconds of audio on a busy machine stays below this. */
  static final Duration ANSWER = Duration.ofSeconds(40);

  static final ObjectMapper JSON = new ObjectMapper();

  private final WebSocket socket;
  private final AtomicInteger nextId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<BiConsumer<String, JsonNode>> listeners =
      new CopyOnWriteArrayList<>();

  /** One send at a time: the JDK's WebSocket refuses a second before the first is through. */
  private final Object sending = new Object();

  DebugChannel(HttpClient http, URI uri) throws BrowserFailure {
    try {
      socket =
          http.newWebSocketBuilder()
              .connectTimeout(Duration.ofSeconds(10))
              .buildAsync(uri, new Reader())
              .get(20, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BrowserFailure("no debugging connection to " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserFailure("interrupted while connecting to " + uri, e);
    }
  }

  /** Events as (method, params), on the connection's own thread: be short. */
  void onEvent(BiConsumer<String, JsonNode> listener) {
    listeners.add(listener);
  }

  /** Sends one command and waits for its result. */
  JsonNode call(ObjectNode command) throws BrowserFailure {
    int id = nextId.incrementAndGet();
    command.put("id", id);
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    String method = command.path("method").asText();
    try {
      synchronized (sending) {
        socket.sendText(command.toString(), true).get(ANSWER.toSeconds(), TimeUnit.SECONDS);
      }
      return answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new BrowserFailure(method + " failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new BrowserFailure("no answer to " + method + " in " + ANSWER.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserFailure("interrupted during " + method, e);
    } finally {
      waiting.remove(id);
    }
  }

  @Override
  public void close() {
    socket.abort();
    waiting.values().forEach(w -> w.completeExceptionally(new BrowserFailure("closed")));
  }

  private void onMessage(String text) {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return; // Not ours to judge: an answer that never comes is reported by its command.
    }
    if (!message.path("id").isInt()) {
      String method = message.path("method").asText();
      JsonNode params = message.path("params");
      listeners.forEach(l -> l.accept(method, params));
      return;
    }
    CompletableFuture<JsonNode> answer = waiting.get(message.path("id").asInt());
    if (answer == null) {
      return;
    }
    if (message.has("error")) {
      // CDP says {error: {message}}, BiDi {error: "code", message}.
      String code = message.path("error").isTextual() ? message.path("error").asText() : "";
      String why = message.at("/error/message").asText(message.path("message").asText());
      answer.completeExceptionally(new BrowserFailure((code + " " + why).strip()));
    } else {
      answer.complete(message.path("result"));
    }
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String text = partial.toString();
        partial.setLength(0);
        onMessage(text);
      }
      webSocket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      waiting
          .values()
          .forEach(w -> w.completeExceptionally(new BrowserFailure("connection lost", error)));
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
      waiting
          .values()
          .forEach(w -> w.completeExceptionally(new BrowserFailure("browser closed: " + reason)));
      return CompletableFuture.completedFuture(null);
    }
  }
}
