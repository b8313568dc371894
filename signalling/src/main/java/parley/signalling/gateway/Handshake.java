package parley.signalling.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The opening handshake of a WebSocket (RFC 6455 §4), as much of it as is ours. */
final class Handshake {

  /** RFC 6455 §1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** 16 bytes in base64 (RFC 6455 §4.1). */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private Handshake() {}

  static boolean isWebSocket(HttpServerRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader("upgrade"));
  }

  /** The answer's fields when we open the socket ourselves; null when the request is not whole. */
  static @Nullable String accept(MultiMap request) {
    String key = request.get("sec-websocket-key");
    if (key == null
        || !KEY.matcher(key).matches()
        || !"13".equals(request.get("sec-websocket-version"))) {
      return null;
    }
    try {
      byte[] bytes = (key + GUID).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /** Whether the client offers to speak this. */
  static boolean offers(MultiMap request, String subprotocol) {
    return request.getAll("sec-websocket-protocol").stream()
        .flatMap(header -> Arrays.stream(header.split(",", -1)))
        .anyMatch(each -> each.strip().equals(subprotocol));
  }
}
