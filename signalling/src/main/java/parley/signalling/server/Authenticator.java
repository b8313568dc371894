package parley.signalling.server;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import parley.signalling.directory.Account;
import parley.signalling.directory.Directory;

/**
 * Finds out who sends a request: by the {@code token} header, {@code Authorization: Bearer}, a
 * WebSocket subprotocol, or the session cookie, in this order. What is there first counts: a wrong
 * token is not mended by a cookie. Never by a query parameter, which ends up in logs.
 */
final class Authenticator {

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
    return Subprotocols.of(headers.get("sec-websocket-protocol")).tokens();
  }
}
