import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The chat's own login tokens: a jid, and a MAC of it. They outlive a restart. */
final class Tokens {

  private final byte[] key;

  Tokens(String secret) {
    key = secret.getBytes(StandardCharsets.UTF_8);
  }

  String of(String jid) {
    return jid + "." + base64(hmac(key, jid));
  }

  /** Whose token it is; null when it is nobody's. */
  String jid(String token) {
    int dot = token.lastIndexOf('.');
    return dot > 0 && same(token, of(token.substring(0, dot))) ? token.substring(0, dot) : null;
  }

  /** Who sends a request: by header, or, as browsers open WebSockets, by subprotocol. */
  String jid(HttpServerRequest request) {
    String token = request.getHeader("token");
    String bearer = request.getHeader("Authorization");
    if (token == null && bearer != null && bearer.startsWith("Bearer ")) {
      token = bearer.substring("Bearer ".length());
    }
    String protocols = request.getHeader("Sec-WebSocket-Protocol");
    if (token == null && protocols != null) {
      for (String protocol : protocols.split(",")) {
        if (protocol.strip().startsWith("token.")) {
          token = decoded(protocol.strip().substring("token.".length()));
        }
      }
    }
    return token == null ? null : jid(token);
  }

  static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Takes as long whether they are or not. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
