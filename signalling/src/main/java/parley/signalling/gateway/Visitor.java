package parley.signalling.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.Device;
import parley.signalling.wire.TeamId;

/**
 * A client that comes for a socket.
 *
 * @param team null: the address names none, so there are no calls
 * @param device what the client says of itself
 * @param base scheme, host and port by which the client reached this server
 * @param uri path and query of its request
 * @param headers its request's, as they go on to the chat server
 * @param subprotocol what is spoken; null: nothing was said
 */
record Visitor(
    @Nullable TeamId team,
    Device device,
    String base,
    String uri,
    MultiMap headers,
    Credentials credentials,
    @Nullable String subprotocol) {

  /** What it agreed with the chat server to speak. */
  Visitor speaking(@Nullable String agreed) {
    return new Visitor(team, device, base, uri, headers, credentials, agreed);
  }

  /** Of the page that comes; null: no page. */
  @Nullable String origin() {
    return headers.get(HttpHeaders.ORIGIN);
  }

  String shortForm() {
    return device.session().shortForm();
  }

  @Override
  public String toString() {
    return "Visitor[" + shortForm() + "]"; // headers hold secrets
  }
}
