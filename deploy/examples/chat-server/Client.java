import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** One socket of somebody who has signed in. */
final class Client {

  final String id = UUID.randomUUID().toString();
  final String team;
  final String jid;
  final String useragent;

  /** What stays the same on every socket of one installation of the app; empty: not told. */
  final String device;

  final ServerWebSocket socket;
  boolean afk;

  Client(String team, String jid, String useragent, String device, ServerWebSocket socket) {
    this.team = team;
    this.jid = jid;
    this.useragent = useragent == null ? "" : useragent;
    this.device = device;
    this.socket = socket;
  }

  void send(String event, JsonObject params) {
    send(new JsonObject().put("event", event).put("params", params).encode());
  }

  void send(String frame) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(frame);
    }
  }
}
