import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What this chat server has to do for calls itself. Behind a gateway, and where clients connect to
 * Parley directly: nothing.
 */
interface Calls {

  Calls NONE = new Calls() {};

  default void opened(Client client) {}

  default void closed(Client client) {}

  /** Whether an event was about calls, and has been taken. */
  default boolean takes(Client client, String frame, JsonObject event) {
    return false;
  }

  /** What {@code calls} of {@code server.online} is for this client. */
  default JsonArray running(Client client) {
    return new JsonArray();
  }
}
