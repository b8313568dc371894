package parley.signalling.recordings;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import parley.signalling.audit.AccessLog;
import parley.signalling.pages.PageSessions;
import parley.signalling.pages.Strangers;

/** Finds out who asks. Any thread, but what writes into the audit log blocks. */
final class Admission {

  /** What a page sends along with whatever changes something. */
  static final String CSRF = "Parley-CSRF";

  /** Only for the paths of this API, so nothing else ever sees it. */
  private static final String COOKIE = "parley_recordings";

  /**
   * Who asks.
   *
   * @param cookie of his session; null: he showed a token
   */
  record Guest(
      Visitor visitor, @Nullable String cookie, PageSessions.@Nullable Session<SignedIn> session) {
    /** The reason that holds when a request brings none. */
    String why() {
      return session == null ? "" : session.who().why();
    }
  }

  private final Visitors visitors;
  private final PageSessions<SignedIn> sessions;
  private final Strangers strangers;
  private final BiPredicate<HttpServerRequest, String> ours;

  /**
   * @param ours whether an origin is that of our own pages
   */
  Admission(
      Visitors visitors,
      AccessLog accesses,
      BiPredicate<HttpServerRequest, String> ours,
      InstantSource clock) {
    this.visitors = visitors;
    this.sessions = new PageSessions<>(COOKIE, clock);
    this.strangers = new Strangers(accesses, System::nanoTime);
    this.ours = ours;
  }

  PageSessions<SignedIn> sessions() {
    return sessions;
  }

  Strangers strangers() {
    return strangers;
  }

  /**
   * Who asks, and that he himself does.
   *
   * @param from his address
   */
  Guest admit(HttpServerRequest request, String from) throws Refusal {
    String token = Visitors.bearer(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (token != null) {
      return new Guest(byToken(token, from), null, null);
    }
    String cookie = sessions.cookie(request.getHeader(HttpHeaders.COOKIE));
    PageSessions.Session<SignedIn> session = sessions.find(cookie);
    if (session == null) {
      throw new Refusal(
          Refusal.Code.UNAUTHORIZED,
          "right would be Authorization: Bearer and a token, or to sign in");
    }
    checkPage(request);
    boolean reads =
        HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
    if (!reads && !isSame(session.csrf(), request.getHeader(CSRF))) {
      throw new Refusal(Refusal.Code.CSRF, "right would be " + CSRF + " as the session told it");
    }
    return new Guest(session.who().visitor(), cookie, session);
  }

  /** Refuses pages of other origins, whatever their user has signed in to. */
  void checkPage(HttpServerRequest request) throws Refusal {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String site = request.getHeader("Sec-Fetch-Site");
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    if (foreign || (origin != null && !ours.test(request, origin))) {
      throw new Refusal(Refusal.Code.CSRF, "only pages of this server may ask");
    }
  }

  private static boolean isSame(String right, @Nullable String given) {
    return given != null
        && MessageDigest.isEqual(
            right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  /** Whose a token is; each that is nobody's is counted. */
  Visitor byToken(String token, String from) throws Refusal {
    Visitor visitor = visitors.byToken(token);
    if (visitor != null) {
      return visitor;
    }
    if (!strangers.tried(from)) {
      throw new Refusal(Refusal.Code.RATE_LIMIT, "too many wrong tokens from there");
    }
    throw new Refusal(Refusal.Code.UNAUTHORIZED, "this token is nobody's");
  }
}
