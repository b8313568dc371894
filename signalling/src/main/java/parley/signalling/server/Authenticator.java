package parley.signalling.server;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Account;
import parley.signalling.directory.Directory;

/**
 * Finds out who sends a request: by the {@code token} header, {@code Authorization: Bearer}, a
 * WebSocket subprotocol, or the session cookie, in this order. What is there first counts: a wrong
 * token is not mended by a cookie. Never by a query parameter, which ends up in logs.
 */
final class Authenticator {

  /** A subprotocol that carries a token: this and the token in base64url without padding. */
  static final String TOKEN_PROTOCOL = "token.";

  private static final String BEARER = "Bearer ";

  /** Longer ones are nobody's, and hashing them is work. */
  private static final int MAX_TOKEN_CHARS = 4096;

  /** What came out. */
  sealed interface Outcome {
    /**
     * @param byCookie the browser has added the credential by itself, whichever page asked: the
     *     request's origin is to be checked
     */
    record Known(Account account, boolean byCookie) implements Outcome {}

    record Refused(ApiError error) implements Outcome {}
  }

  private final Directory directory;
  private final LoginSessions logins;

  Authenticator(Directory directory, LoginSessions logins) {
    this.directory = directory;
    this.logins = logins;
  }

  Outcome authenticate(MultiMap headers) {
    List<String> tokens = tokens(headers);
    if (!tokens.isEmpty()) {
      for (String token : tokens) {
        Account account = token.length() > MAX_TOKEN_CHARS ? null : directory.account(token);
        if (account != null) {
          return new Outcome.Known(account, false);
        }
      }
      return new Outcome.Refused(ApiError.INVALID_TOKEN);
    }
    String cookie = LoginSessions.cookie(headers.get(HttpHeaders.COOKIE));
    if (cookie == null) {
      return new Outcome.Refused(ApiError.EMPTY_TOKEN);
    }
    Account account = logins.account(cookie);
    return account == null
        ? new Outcome.Refused(ApiError.EMPTY_SESSION)
        : new Outcome.Known(account, true);
  }

  private static List<String> tokens(MultiMap headers) {
    String token = headers.get("token");
    if (token != null) {
      return List.of(token);
    }
    String authorization = headers.get(HttpHeaders.AUTHORIZATION);
    if (authorization != null) {
      return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
          ? List.of(authorization.substring(BEARER.length()).strip())
          : List.of("");
    }
    return protocols(headers.get("sec-websocket-protocol"));
  }

  /** Each subprotocol may be the token itself; one with the prefix certainly holds one. */
  private static List<String> protocols(@Nullable String header) {
    List<String> tokens = new ArrayList<>();
    if (header != null && header.length() <= 2 * MAX_TOKEN_CHARS) {
      for (String protocol : header.split(",")) {
        String name = protocol.strip();
        tokens.add(name);
        if (name.startsWith(TOKEN_PROTOCOL)) {
          tokens.add(decoded(name.substring(TOKEN_PROTOCOL.length())));
        }
      }
      // "parley" alone asks for the protocol, and leaves the token to the cookie.
      tokens.removeIf(name -> name.equals("parley"));
    }
    return tokens;
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
