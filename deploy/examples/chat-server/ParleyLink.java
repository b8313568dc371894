import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * All it takes to hand calls over to Parley while the clients' sockets stay here. See LINK.md: what
 * is said is numbered, kept until it is acknowledged, and said again on the next connection.
 */
final class ParleyLink implements Calls {

  private static final int MAX_FRAME_CHARS = 256 * 1024;
  private static final int LONGEST_WAIT_MS = 10_000;

  private final Vertx vertx;
  private final WebSocketClient connector;
  private final WebSocketConnectOptions where;
  private final Consumer<Client> callsChanged;
  private final Map<String, Client> clients = new LinkedHashMap<>();

  /** For server.online, by session. */
  private final Map<String, JsonArray> running = new HashMap<>();

  /** The calls that a session's device is in: uid by jid. */
  private final Map<String, Map<String, String>> inCall = new HashMap<>();

  private final Deque<JsonObject> unacknowledged = new ArrayDeque<>();
  private String stream = "";
  private long said;
  private long received;
  private WebSocket connection;
  private long waitMs = 250;

  ParleyLink(Vertx vertx, String url, String token, Consumer<Client> callsChanged) {
    this.vertx = vertx;
    this.callsChanged = callsChanged;
    connector = vertx.createWebSocketClient();
    where = new WebSocketConnectOptions().setAbsoluteURI(url);
    where.addHeader("Authorization", "Bearer " + token);
    connect();
  }

  // What clients do.

  @Override
  public void opened(Client client) {
    clients.put(client.id, client);
    announce(client);
  }

  @Override
  public void closed(Client client) {
    clients.remove(client.id);
    running.remove(client.id);
    inCall.remove(client.id);
    say("closed", client.id, new JsonObject());
  }

  @Override
  public boolean takes(Client client, String frame, JsonObject event) {
    String name = event.getString("event", "");
    boolean confirms =
        name.equals("client.confirm")
            && event
                .getJsonObject("params", new JsonObject())
                .getString("confirm_id", "")
                .startsWith("parley-");
    if (!name.startsWith("client.call.") && !confirms) {
      return false;
    }
    if (frame.length() <= MAX_FRAME_CHARS) {
      say("event", client.id, new JsonObject().put("frame", frame));
    }
    return true;
  }

  @Override
  public JsonArray running(Client client) {
    return running.getOrDefault(client.id, new JsonArray());
  }

  // What goes to Parley.

  private void announce(Client client) {
    var calls = new JsonArray();
    inCall
        .getOrDefault(client.id, Map.of())
        .forEach((jid, uid) -> calls.add(new JsonObject().put("jid", jid).put("uid", uid)));
    say(
        "opened",
        client.id,
        new JsonObject()
            .put("team", client.team)
            .put("contact", client.jid)
            .put("useragent", client.useragent)
            .put("device", client.device)
            .put("calls", calls));
  }

  private void say(String type, String session, JsonObject message) {
    message.put("type", type).put("seq", ++said).put("session", session);
    unacknowledged.add(message);
    if (connection != null) {
      connection.writeTextMessage(message.encode());
    }
  }

  private void acknowledged(long seq) {
    while (!unacknowledged.isEmpty() && unacknowledged.peek().getLong("seq") <= seq) {
      unacknowledged.remove();
    }
  }

  // The connection.

  private void connect() {
    connector
        .connect(where)
        .onSuccess(
            socket -> {
              socket.textMessageHandler(text -> onMessage(socket, new JsonObject(text)));
              socket.closeHandler(v -> again());
              var hello = new JsonObject().put("type", "hello");
              if (!stream.isEmpty()) {
                hello.put("stream", stream).put("received", received);
              }
              socket.writeTextMessage(hello.encode());
            })
        .onFailure(
            e -> {
              System.out.println("no link to Parley yet: " + e.getMessage());
              again();
            });
  }

  private void again() {
    connection = null;
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    vertx.setTimer(waitMs, t -> connect());
  }

  private void onMessage(WebSocket socket, JsonObject message) {
    switch (message.getString("type")) {
      case "welcome" -> onWelcome(socket, message);
      case "ack" -> acknowledged(message.getLong("seq"));
      default -> {
        if (message.getLong("seq") > received) {
          received = message.getLong("seq");
          onNumbered(message);
        }
        socket.writeTextMessage(new JsonObject().put("type", "ack").put("seq", received).encode());
      }
    }
  }

  private void onWelcome(WebSocket socket, JsonObject welcome) {
    System.out.println("linked to Parley: " + (welcome.getBoolean("resumed") ? "resumed" : "new"));
    waitMs = 250;
    stream = welcome.getString("stream");
    if (welcome.getBoolean("resumed")) {
      acknowledged(welcome.getLong("received"));
    } else {
      unacknowledged.clear();
      said = 0;
      received = 0;
      clients.values().forEach(this::announce);
    }
    connection = socket;
    unacknowledged.forEach(message -> socket.writeTextMessage(message.encode()));
  }

  private void onNumbered(JsonObject message) {
    switch (message.getString("type")) {
      case "send" -> {
        String frame = message.getString("frame");
        var event = new JsonObject(frame);
        for (Client client : addressees(message)) {
          remember(client, event);
          client.send(frame);
        }
      }
      case "calls" -> {
        for (Client client : addressees(message)) {
          running.put(client.id, message.getJsonArray("calls"));
          callsChanged.accept(client);
        }
      }
      default -> System.out.println("Parley: " + message.encode());
    }
  }

  private Iterable<Client> addressees(JsonObject message) {
    return message.getJsonArray("sessions").stream()
        .map(clients::get)
        .filter(c -> c != null)
        .toList();
  }

  /** Which calls a device is in, for the case that Parley starts anew. */
  private void remember(Client client, JsonObject event) {
    JsonObject params = event.getJsonObject("params", new JsonObject());
    var calls = inCall.computeIfAbsent(client.id, id -> new HashMap<>());
    switch (event.getString("event")) {
      case "server.call.answer" -> calls.put(params.getString("jid"), params.getString("uid"));
      case "server.call.leave" -> calls.remove(params.getString("jid"));
      case "server.call.state" -> {
        if (params.containsKey("finish")) {
          calls.remove(params.getString("jid"), params.getString("uid"));
        }
      }
      default -> {}
    }
  }
}
