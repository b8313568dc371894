import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Messages and presence: what the sockets at /messaging/{team} are for. */
final class Chat {

  /** Kept of each chat, until this process ends. */
  private static final int MOST_MESSAGES = 200;

  private final People people;
  private final Calls calls;
  private final Set<Client> clients = new LinkedHashSet<>();
  private final Map<String, List<JsonObject>> messages = new HashMap<>();

  Chat(People people, Calls calls) {
    this.people = people;
    this.calls = calls;
  }

  void opened(Client client) {
    clients.add(client);
    calls.opened(client);
    client.send("server.time", new JsonObject().put("time", time(Instant.now())));
    tellOnline();
  }

  void closed(Client client) {
    clients.remove(client);
    calls.closed(client);
    tellOnline();
  }

  /** A client's frame: calls are handed over, the rest is the chat's own. */
  void onFrame(Client client, String frame) {
    JsonObject event;
    try {
      event = new JsonObject(frame);
      if (calls.takes(client, frame, event)) {
        return;
      }
      String confirmId = event.getString("confirm_id", "");
      if (!confirmId.isEmpty() || event.getString("event", "").equals("client.ping")) {
        client.send("server.confirm", new JsonObject().put("confirm_id", confirmId));
      }
      onEvent(client, event);
    } catch (RuntimeException e) {
      client.send(
          "server.warning", new JsonObject().put("message", "malformed event").putNull("orig"));
    }
  }

  private void onEvent(Client client, JsonObject event) {
    JsonObject params = event.getJsonObject("params", new JsonObject());
    switch (event.getString("event")) {
      case "client.message.updated" -> {
        String text = params.getJsonObject("content").getString("text");
        post(client.jid, params.getString("to"), text, params.getString("message_id"));
      }
      case "client.activity" -> {
        client.afk = params.getBoolean("afk", false);
        tellOnline();
      }
      case "client.ping", "client.confirm" -> {}
      default -> {
        String message = "unknown event: " + event.getString("event");
        client.send("server.warning", new JsonObject().put("message", message).put("orig", event));
      }
    }
  }

  /** Somebody writes into a chat; into one that is not his, nothing. */
  void post(String from, String to, String text, String id) {
    Set<String> members = people.members(to, from);
    if (members.isEmpty()) {
      return;
    }
    Instant now = Instant.now();
    var message =
        new JsonObject()
            .put("message_id", id == null ? UUID.randomUUID().toString() : id)
            .put("from", from)
            .put("to", to)
            .put("content", new JsonObject().put("type", "plain").put("text", text))
            .put("created", time(now))
            .put("gentime", now.getEpochSecond() * 1_000_000_000L + now.getNano());
    List<JsonObject> kept = messages.computeIfAbsent(key(from, to), k -> new ArrayList<>());
    kept.add(message);
    if (kept.size() > MOST_MESSAGES) {
      kept.removeFirst();
    }
    for (Client client : clients) {
      if (members.contains(client.jid)) {
        var shown = new JsonArray().add(seenBy(client.jid, message));
        client.send("server.message.updated", new JsonObject().put("messages", shown));
      }
    }
  }

  JsonArray messages(String viewer, String chat) {
    var seen = new JsonArray();
    if (!people.members(chat, viewer).isEmpty()) {
      messages.getOrDefault(key(viewer, chat), List.of()).forEach(m -> seen.add(seenBy(viewer, m)));
    }
    return seen;
  }

  /** A direct chat is called by the other one's jid. */
  private static JsonObject seenBy(String viewer, JsonObject message) {
    boolean toMe = message.getString("to").equals(viewer);
    return message.copy().put("chat", message.getString(toMe ? "from" : "to"));
  }

  private static String key(String from, String to) {
    return to.startsWith("d-") ? new TreeSet<>(Set.of(from, to)).toString() : to;
  }

  /** Who is online, and which calls run: on every change, and once a minute. */
  void tellOnline() {
    clients.forEach(this::tellOnline);
  }

  void tellOnline(Client client) {
    Map<String, JsonObject> online = new HashMap<>();
    for (Client each : clients) {
      online
          .computeIfAbsent(
              each.jid,
              jid -> new JsonObject().put("jid", jid).put("afk", true).put("mobile", false))
          .getMap()
          .compute("afk", (k, afk) -> (boolean) afk && each.afk);
    }
    var contacts = new JsonArray();
    online.values().forEach(contacts::add);
    client.send(
        "server.online",
        new JsonObject().put("contacts", contacts).put("calls", calls.running(client)));
  }

  /** RFC 3339 with six fractional digits. */
  static String time(Instant instant) {
    return new DateTimeFormatterBuilder().appendInstant(6).toFormatter().format(instant);
  }
}
