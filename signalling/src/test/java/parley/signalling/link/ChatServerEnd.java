package parley.signalling.link;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.signalling.schema.Schemas;

/**
 * The other end of a link, on a real WebSocket: numbers what it says, says it again after a
 * reconnect, acknowledges, and passes over what comes twice. Everything it hears is validated.
 */
final class ChatServerEnd implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_S = 20;

  private final String url;
  private final String token;
  private final Schemas schemas = new Schemas();
  private final Object lock = new Object();
  private LinkStream<ObjectNode> stream = new LinkStream<>(Integer.MAX_VALUE);
  private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
  private final AtomicInteger repeats = new AtomicInteger();
  private CompletableFuture<Integer> closed = new CompletableFuture<>();
  private CompletableFuture<WebSocket> sending = CompletableFuture.completedFuture(null);
  private @Nullable WebSocket socket;
  private String streamName = "";
  boolean acknowledges = true;

  ChatServerEnd(String url, String token) {
    this.url = url;
    this.token = token;
  }

  /** Connects, or connects again, and returns what the hello was answered with. */
  JsonNode connect() throws Exception {
    return connect(JSON.createObjectNode().put("base", "https://calls.example"));
  }

  JsonNode connect(ObjectNode hello) throws Exception {
    closed = new CompletableFuture<>();
    var ears = new Ears(closed);
    socket =
        HTTP.newWebSocketBuilder()
            .header("Authorization", "Bearer " + token)
            .buildAsync(URI.create(url), ears)
            .get(PATIENCE_S, TimeUnit.SECONDS);
    hello.put("type", "hello");
    if (!streamName.isEmpty()) {
      synchronized (lock) {
        hello.put("stream", streamName).put("received", stream.received());
      }
    }
    raw(hello.toString());
    JsonNode welcome = ears.welcome.get(PATIENCE_S, TimeUnit.SECONDS);
    transmit();
    return welcome;
  }

  /** Forgets the stream, as a chat server that starts anew does. */
  ChatServerEnd startedAnew() {
    return new ChatServerEnd(url, token);
  }

  /** The JDK's WebSocket takes one text at a time. */
  void raw(String text) throws Exception {
    CompletableFuture<WebSocket> sent;
    synchronized (lock) {
      WebSocket to = requireNonNull(socket, "not connected");
      sent = sending.thenCompose(s -> to.sendText(text, true));
      sending = sent.exceptionally(e -> to);
    }
    sent.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** The connection may end before all of it has been written. */
  void rawUnlessClosed(String text) throws Exception {
    try {
      raw(text);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(IOException.class);
    }
  }

  void opens(String session, String team, String contact) throws Exception {
    says("opened", session, m -> m.put("team", team).put("contact", contact).put("useragent", "X"));
  }

  void opensWithCall(String session, String team, String contact, String jid, String uid)
      throws Exception {
    says(
        "opened",
        session,
        m -> {
          m.put("team", team).put("contact", contact).put("useragent", "X");
          m.putArray("calls").addObject().put("jid", jid).put("uid", uid);
        });
  }

  void closes(String session) throws Exception {
    says("closed", session, m -> {});
  }

  /** A client of this chat server says something. */
  void event(String session, String frame) throws Exception {
    says("event", session, m -> m.put("frame", frame.replace('\'', '"')));
  }

  private void says(String type, String session, Consumer<ObjectNode> more) throws Exception {
    ObjectNode message = JSON.createObjectNode().put("type", type).put("session", session);
    more.accept(message);
    synchronized (lock) {
      stream.say(message, 1);
    }
    transmit();
  }

  private void transmit() throws Exception {
    while (true) {
      LinkStream.Said<ObjectNode> next;
      synchronized (lock) {
        next = stream.pollTransmit();
      }
      if (next == null) {
        return;
      }
      try {
        raw(next.message().put("seq", next.seq()).toString());
      } catch (ExecutionException e) {
        return; // the connection broke; it is said again on the next
      }
    }
  }

  /** Waits for the next event of this name to this session; returns the client's frame. */
  JsonNode hears(String session, String event) throws Exception {
    return hears(session, event, frame -> true);
  }

  JsonNode hears(String session, String event, Predicate<JsonNode> which) throws Exception {
    JsonNode message =
        hears(
            m -> {
              if (!m.path("type").asText().equals("send") || !addressed(m, session)) {
                return false;
              }
              JsonNode frame = frame(m);
              return frame.path("event").asText().equals(event) && which.test(frame);
            });
    return frame(message);
  }

  /** Waits for the next message of this type; those before it are passed over. */
  JsonNode hears(String type) throws Exception {
    return hears(m -> m.path("type").asText().equals(type));
  }

  JsonNode hears(Predicate<JsonNode> which) throws Exception {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (true) {
      JsonNode message = heard.poll(endNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (message == null) {
        throw new AssertionError("did not hear that");
      }
      if (which.test(message)) {
        return message;
      }
    }
  }

  /** All that was heard until now, and not looked at. */
  List<JsonNode> heardSoFar() {
    List<JsonNode> all = new ArrayList<>();
    heard.drainTo(all);
    return all;
  }

  static boolean addressed(JsonNode message, String session) {
    for (JsonNode each : message.path("sessions")) {
      if (each.asText().equals(session)) {
        return true;
      }
    }
    return false;
  }

  static JsonNode frame(JsonNode message) {
    try {
      return JSON.readTree(message.path("frame").asText());
    } catch (JsonProcessingException e) {
      throw new AssertionError(message.toString(), e);
    }
  }

  /** How much this end has said that Parley has not acknowledged. */
  long unacknowledged() {
    synchronized (lock) {
      return stream.kept();
    }
  }

  /** The code it was closed with. */
  int closed() throws Exception {
    return closed.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** The network breaks. */
  void breaks() throws Exception {
    requireNonNull(socket, "not connected").abort();
    synchronized (lock) {
      stream.disconnected();
    }
  }

  @Override
  public void close() {
    WebSocket last = socket;
    if (last != null) {
      last.abort();
    }
  }

  private final class Ears implements WebSocket.Listener {
    final CompletableFuture<JsonNode> welcome = new CompletableFuture<>();
    private final CompletableFuture<Integer> end;
    private final StringBuilder parts = new StringBuilder();

    Ears(CompletableFuture<Integer> end) {
      this.end = end;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        String text = parts.toString();
        parts.setLength(0);
        try {
          onMessage(from, text);
        } catch (Exception e) {
          throw new AssertionError(text, e);
        }
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    /** Every message at once: sending waits for nothing here. */
    private void acknowledge(WebSocket to) {
      if (!acknowledges) {
        return;
      }
      synchronized (lock) {
        stream.receiptTold();
        sending =
            sending
                .thenCompose(
                    s -> to.sendText("{\"type\":\"ack\",\"seq\":" + stream.received() + "}", true))
                .exceptionally(e -> to);
      }
    }

    private void onMessage(WebSocket from, String text) throws Exception {
      JsonNode message = JSON.readTree(text);
      String type = message.path("type").asText();
      if (!schemas.problems("link." + type, text).isEmpty()) {
        heard.add(JSON.createObjectNode().put("type", "not valid: " + text));
        return;
      }
      if (type.equals("send")) {
        JsonNode frame = frame(message);
        List<String> problems = schemas.problems(frame.path("event").asText(), frame);
        if (!problems.isEmpty()) {
          heard.add(JSON.createObjectNode().put("type", "not valid: " + text + problems));
        }
      }
      switch (type) {
        case "welcome" -> {
          streamName = message.get("stream").asText();
          synchronized (lock) {
            if (!message.get("resumed").asBoolean()) {
              stream = new LinkStream<>(Integer.MAX_VALUE);
            }
            if (!stream.resume(message.get("received").asLong())) {
              throw new AssertionError("Parley wants what was acknowledged: " + text);
            }
          }
          welcome.complete(message);
        }
        case "ack" -> {
          synchronized (lock) {
            stream.onAcknowledged(message.get("seq").asLong());
          }
        }
        default -> {
          LinkStream.Receipt receipt;
          synchronized (lock) {
            receipt = stream.onNumber(message.get("seq").asLong());
          }
          if (receipt == LinkStream.Receipt.NEW) {
            heard.add(message);
          } else {
            repeats.incrementAndGet();
          }
          acknowledge(from);
        }
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end.complete(code);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      end.complete(1006);
    }
  }
}
