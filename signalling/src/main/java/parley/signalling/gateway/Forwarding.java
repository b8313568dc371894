package parley.signalling.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import parley.signalling.server.ClientAddress;

/** What of a message's header fields goes on, and what a proxy adds. */
final class Forwarding {

  /** Fields that are between two neighbours only (RFC 9110 §7.6.1). */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final String FORWARDED_FOR = "X-Forwarded-For";

  private Forwarding() {}

  /**
   * Copies the fields that are meant for the far end; what Connection names is not (RFC 9110
   * §7.6.1).
   */
  static void endToEnd(MultiMap from, MultiMap to) {
    Set<String> named = new HashSet<>(HOP_BY_HOP);
    for (String connection : from.getAll(HttpHeaders.CONNECTION)) {
      for (String name : connection.split(",", -1)) {
        named.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    for (Map.Entry<String, String> field : from) {
      if (!named.contains(field.getKey().toLowerCase(Locale.ROOT))) {
        to.add(field.getKey(), field.getValue());
      }
    }
  }

  /**
   * A client's request as it goes on to the chat server.
   *
   * @param keepHost else the client's Host is only told of in the Forwarded fields
   */
  static MultiMap request(HttpServerRequest request, boolean keepHost) {
    MultiMap fields = HttpHeaders.headers();
    endToEnd(request.headers(), fields);
    if (!keepHost) {
      fields.remove(HttpHeaders.HOST);
    }
    addForwarded(request, fields);
    return fields;
  }

  /** Both the old fields and the standard one (RFC 7239): who reads which is not known. */
  private static void addForwarded(HttpServerRequest request, MultiMap fields) {
    var remote = request.remoteAddress();
    String client = remote == null || remote.host() == null ? "unknown" : remote.host();
    ClientAddress address = ClientAddress.of(request);
    String before = fields.get(FORWARDED_FOR);
    fields.set(FORWARDED_FOR, before == null ? client : before + ", " + client);
    if (!fields.contains("X-Forwarded-Proto")) {
      fields.set("X-Forwarded-Proto", address.scheme());
    }
    if (!fields.contains("X-Forwarded-Host") && address.told()) {
      fields.set("X-Forwarded-Host", address.authority());
    }
    // An IPv6 address is quoted and in brackets (RFC 7239 §6).
    String node = client.contains(":") ? "\"[" + client + "]\"" : client;
    String element =
        "for="
            + node
            + (address.told() ? ";host=\"" + address.authority() + "\"" : "")
            + ";proto="
            + address.scheme();
    String chain = fields.get("Forwarded");
    fields.set("Forwarded", chain == null ? element : chain + ", " + element);
  }
}
