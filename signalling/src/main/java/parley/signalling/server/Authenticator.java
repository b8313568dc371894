package parley.signalling.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.access.TokenCheck;
import parley.signalling.access.Verdict;
import parley.signalling.directory.Account;

/**
 * Finds out who sends a request: by the {@code token} header, {@code Authorization: Bearer}, a
 * WebSocket subprotocol, or the session cookie, in this order. What is there first counts: a wrong
 * token is not mended by a cookie. Never by a query parameter, which ends up in logs.
 */
final class Authenticator {

  private static final Logger log = LoggerFactory.getLogger(Authenticator.class);

  private static final String BEARER = "Bearer ";

  /** A signed token that names many groups is half of this; hashing longer ones is work. */
  private static final int MAX_TOKEN_CHARS = 8192;

  /** A header's own token is one; a browser names two subprotocols, and each may be read twice. */
  private static final int MAX_CANDIDATES = 4;

  /** What came out. */
  sealed interface Outcome {
    /**
     * @param byCookie the browser has added the credential by itself, whichever page asked: the
     *     request's origin is to be checked
     */
    record Known(Account account, boolean byCookie) implements Outcome {}

    record Refused(ApiError error) implements Outcome {}
  }

  private static final String KNOWN = "known";
  private static final String UNKNOWN = "unknown";
  private static final String UNAVAILABLE = "unavailable";

  private final TokenCheck tokenCheck;
  private final LoginSessions logins;
  private final RequestLimits limits;
  private final MeterRegistry metrics;

  Authenticator(
      TokenCheck tokenCheck, LoginSessions logins, RequestLimits limits, MeterRegistry metrics) {
    this.tokenCheck = tokenCheck;
    this.logins = logins;
    this.limits = limits;
    this.metrics = metrics;
    for (String result : List.of(KNOWN, UNKNOWN, UNAVAILABLE)) {
      Counter _ = counter(result); // there from the start, for who scrapes
    }
  }

  private Counter counter(String result) {
    return metrics.counter("parley.signalling.tokens", "result", result);
  }

  /** Any thread; the answer may come on another one, and never fails. */
  CompletableFuture<Outcome> authenticate(HttpServerRequest request) {
    List<String> tokens = tokens(request.headers());
    boolean bySession = tokens.isEmpty();
    List<String> tried =
        bySession
            ? session(request.headers())
            : tokens.subList(0, Math.min(tokens.size(), MAX_CANDIDATES));
    if (tried.isEmpty()) {
      return refused(ApiError.EMPTY_TOKEN);
    }
    if (!limits.admitsToken(tried.getFirst())) {
      return refused(ApiError.RATE_LIMIT);
    }
    RequestLimits.Attempt attempt = limits.attempt(limits.network(request), tried);
    if (attempt == null) {
      return refused(ApiError.RATE_LIMIT);
    }
    CompletableFuture<Outcome> outcome =
        bySession
            ? CompletableFuture.completedFuture(bySession(tried.getFirst()))
            : firstKnown(tried, ApiError.INVALID_TOKEN);
    return outcome.thenApply(
        result -> {
          learn(attempt, result);
          return result;
        });
  }

  private static void learn(RequestLimits.Attempt attempt, Outcome outcome) {
    switch (outcome) {
      case Outcome.Known known -> attempt.right();
      case Outcome.Refused refused when refused.error().isPassing() -> attempt.undecided();
      case Outcome.Refused refused -> {} // stays counted as wrong
    }
  }

  private Outcome bySession(String cookie) {
    Account account = logins.account(cookie);
    return account == null
        ? new Outcome.Refused(ApiError.EMPTY_SESSION)
        : new Outcome.Known(account, true);
  }

  private static CompletableFuture<Outcome> refused(ApiError error) {
    return CompletableFuture.completedFuture(new Outcome.Refused(error));
  }

  /** One after the other: mostly there is one, and mostly the first is right. */
  private CompletableFuture<Outcome> firstKnown(List<String> tokens, ApiError otherwise) {
    if (tokens.isEmpty()) {
      return CompletableFuture.completedFuture(new Outcome.Refused(otherwise));
    }
    List<String> others = tokens.subList(1, tokens.size());
    return check(tokens.getFirst())
        .thenCompose(
            verdict ->
                switch (verdict) {
                  case Verdict.Known known ->
                      CompletableFuture.completedFuture(new Outcome.Known(known.account(), false));
                  case Verdict.Unknown unknown -> firstKnown(others, otherwise);
                  // It may be the right one: the client is not told that its token is wrong.
                  case Verdict.Unavailable unavailable -> firstKnown(others, ApiError.UNAVAILABLE);
                });
  }

  private CompletableFuture<Verdict> check(String token) {
    if (token.isEmpty() || token.length() > MAX_TOKEN_CHARS) {
      return CompletableFuture.completedFuture(new Verdict.Unknown("of no token's length"));
    }
    return tokenCheck
        .check(token)
        .exceptionally(
            defect -> {
              log.error("a defect while checking a token", defect);
              return new Verdict.Unavailable("a defect");
            })
        .thenApply(this::counted);
  }

  private Verdict counted(Verdict verdict) {
    String result =
        switch (verdict) {
          case Verdict.Known known -> KNOWN;
          case Verdict.Unknown unknown -> {
            log.debug("a token is refused: {}", unknown.why());
            yield UNKNOWN;
          }
          case Verdict.Unavailable unavailable -> {
            log.warn("a token cannot be checked: {}", unavailable.why());
            yield UNAVAILABLE;
          }
        };
    counter(result).increment();
    return verdict;
  }

  private static List<String> session(MultiMap headers) {
    String cookie = LoginSessions.cookie(headers.get(HttpHeaders.COOKIE));
    return cookie == null ? List.of() : List.of(cookie);
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
