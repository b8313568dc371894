package parley.load.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One socket of one person. Every frame of it, in both directions, goes into the ledger. */
final class Participant implements AutoCloseable {

  /** Long enough for a loaded machine; what comes, comes in milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String name;
  private final Ledger ledger;
  private final WebSocket socket;
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final List<JsonNode> inbox = new ArrayList<>();
  private final AtomicInteger confirmIds = new AtomicInteger();
  private CompletableFuture<?> lastSent = CompletableFuture.completedFuture(null);
  private boolean holding;
  private ObjectNode lastSaid = params();

  private Participant(
      String name, URI messaging, String token, @Nullable String instance, Ledger ledger) {
    this.name = name;
    this.ledger = ledger;
    WebSocket.Builder builder =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("token", token)
            .connectTimeout(PATIENCE);
    if (instance != null) {
      builder.subprotocols("instance." + instance);
    }
    this.socket = builder.buildAsync(messaging, new Listener()).join();
  }

  /**
   * Connects.
   *
   * @param messaging the team's {@code ws://…/messaging/…}
   */
  static Participant connect(String name, URI messaging, String token, Ledger ledger) {
    return new Participant(name, messaging, token, null, ledger);
  }

  /** Connects as a client that says what stays the same when it connects again. */
  static Participant connect(
      String name, URI messaging, String token, String instance, Ledger ledger) {
    return new Participant(name, messaging, token, instance, ledger);
  }

  static ObjectNode params() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** About the call in one chat. */
  static ObjectNode about(String jid) {
    return params().put("jid", jid);
  }

  /** Says an event, and waits until the server has confirmed it. */
  void says(String event, @Nullable ObjectNode params) throws Missing {
    String confirmId = name + "-" + confirmIds.incrementAndGet();
    ObjectNode frame = params().put("event", event).put("confirm_id", confirmId);
    if (params != null) {
      frame.set("params", params);
    }
    lastSaid = frame;
    ledger.frame(frame);
    send(frame);
    hearsConfirmed(confirmId);
  }

  /** Says the last event again, as a client does that heard no confirmation. */
  void repeats() throws Missing {
    ledger.frame(lastSaid);
    send(lastSaid);
    hearsConfirmed(lastSaid.path("confirm_id").asText());
  }

  private void hearsConfirmed(String confirmId) throws Missing {
    hears("server.confirm", p -> p.path("confirm_id").asText().equals(confirmId));
  }

  /** Says something as it is: no confirmation is asked for, and nothing is checked. */
  void raw(ObjectNode frame) {
    send(frame);
  }

  /** Says something as it is, in a text frame. */
  synchronized void rawText(String text) {
    lastSent = lastSent.thenCompose(done -> socket.sendText(text, true));
  }

  /** Says something as it is, in a binary frame. */
  synchronized void rawBinary(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    lastSent = lastSent.thenCompose(done -> socket.sendBinary(bytes, true));
  }

  /** The network goes away: nothing is said any more, not even that it ends. */
  void vanish() {
    socket.abort();
  }

  /** Everything of that name that was heard and not waited for yet. */
  synchronized List<JsonNode> heard(String event) {
    return inbox.stream().filter(frame -> frame.path("event").asText().equals(event)).toList();
  }

  /** Says an event without asking for a confirmation. */
  void mentions(String event, @Nullable ObjectNode params) {
    ObjectNode frame = params().put("event", event);
    if (params != null) {
      frame.set("params", params);
    }
    ledger.frame(frame);
    send(frame);
  }

  /** Waits for an event, and takes it out of what was heard. */
  JsonNode hears(String event) throws Missing {
    return hears(event, params -> true);
  }

  /**
   * Waits for an event, and takes it out of what was heard.
   *
   * @param wanted of its params
   */
  JsonNode hears(String event, Predicate<JsonNode> wanted) throws Missing {
    JsonNode heard = hearsWithin(PATIENCE, event, wanted);
    if (heard == null) {
      throw new Missing(
          name + " did not hear " + event + " as expected within " + PATIENCE.toSeconds() + " s");
    }
    return heard;
  }

  /** The same with less patience; null when it does not come. */
  synchronized @Nullable JsonNode hearsWithin(
      Duration patience, String event, Predicate<JsonNode> wanted) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (true) {
      for (Iterator<JsonNode> each = inbox.iterator(); each.hasNext(); ) {
        JsonNode frame = each.next();
        if (frame.path("event").asText().equals(event) && wanted.test(frame.path("params"))) {
          each.remove();
          return frame;
        }
      }
      long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        return null;
      }
      try {
        wait(leftMs);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
  }

  /** What came before does not count any more. */
  synchronized void forget() {
    inbox.clear();
  }

  /** From now on nothing that comes is confirmed, or all is again. */
  synchronized void holdConfirmations(boolean hold) {
    holding = hold;
  }

  /** The code with which the server closed this socket. */
  int closeCode() throws Missing {
    try {
      return closed.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (RuntimeException e) {
      throw new Missing("the socket of " + name + " was not closed");
    }
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(e -> socket).join();
    }
    socket.abort();
  }

  private synchronized void send(ObjectNode frame) {
    // One at a time: a WebSocket refuses a second send while the first is under way.
    lastSent = lastSent.thenCompose(done -> socket.sendText(frame.toString(), true));
  }

  private void onText(String text) {
    JsonNode frame;
    try {
      frame = EventSchemas.read(text);
    } catch (JsonProcessingException e) {
      ledger.failed(name + " got a frame that is no JSON: " + e.getOriginalMessage());
      return;
    }
    ledger.frame(frame);
    boolean confirm;
    synchronized (this) {
      inbox.add(frame);
      confirm = !holding && frame.hasNonNull("confirm_id");
      notifyAll();
    }
    if (confirm) {
      mentions("client.confirm", params().put("confirm_id", frame.path("confirm_id").asText()));
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        String text = parts.toString();
        parts.setLength(0);
        Participant.this.onText(text);
      }
      ws.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket ws, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
