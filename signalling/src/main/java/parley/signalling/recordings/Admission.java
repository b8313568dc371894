package parley.signalling.recordings;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;
import parley.signalling.session.Allowance;

/** Finds out who asks. Any thread, but what writes into the audit log blocks. */
final class Admission {

  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  /** What a page sends along with whatever changes something. */
  static final String CSRF = "Parley-CSRF";

  /** Typing errors of a person, and no more. */
  private static final int WRONG_PER_MINUTE = 20;

  /** Addresses that are counted; those heard of least lately begin anew. */
  private static final int MAX_TRACKED = 10_000;

  /**
   * A stranger is written down once in a minute, and so are at most so many of them: the log must
   * not lose its oldest lines to whoever knocks often enough.
   */
  private static final int STRANGERS_PER_MINUTE = 60;

  /**
   * Who asks.
   *
   * @param cookie of his session; null: he showed a token
   */
  record Guest(Visitor visitor, @Nullable String cookie, SignedIn.@Nullable Session session) {
    /** The reason that holds when a request brings none. */
    String why() {
      return session == null ? "" : session.why();
    }
  }

  private final Visitors visitors;
  private final SignedIn signedIn;
  private final AccessLog accesses;
  private final BiPredicate<HttpServerRequest, String> ours;
  private final Cache<String, Allowance> wrong = tracked();
  private final Cache<String, Boolean> written = tracked();
  private final Allowance strangers =
      new Allowance(STRANGERS_PER_MINUTE, STRANGERS_PER_MINUTE / 60.0, System.nanoTime());

  /**
   * @param ours whether an origin is that of our own pages
   */
  Admission(
      Visitors visitors,
      AccessLog accesses,
      BiPredicate<HttpServerRequest, String> ours,
      InstantSource clock) {
    this.visitors = visitors;
    this.signedIn = new SignedIn(clock);
    this.accesses = accesses;
    this.ours = ours;
  }

  private static <V> Cache<String, V> tracked() {
    return Caffeine.newBuilder()
        .maximumSize(MAX_TRACKED)
        .expireAfterWrite(Duration.ofMinutes(1))
        .build();
  }

  SignedIn signedIn() {
    return signedIn;
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
    String cookie = SignedIn.cookie(request.getHeader(HttpHeaders.COOKIE));
    SignedIn.Session session = cookie == null ? null : signedIn.find(cookie);
    if (cookie == null || session == null) {
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
    return new Guest(session.visitor(), cookie, session);
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
    long nowNs = System.nanoTime();
    Allowance allowance =
        wrong.get(from, f -> new Allowance(WRONG_PER_MINUTE, WRONG_PER_MINUTE / 60.0, nowNs));
    synchronized (allowance) {
      if (!allowance.take(1, nowNs)) {
        throw new Refusal(Refusal.Code.RATE_LIMIT, "too many wrong tokens from there");
      }
    }
    throw new Refusal(Refusal.Code.UNAUTHORIZED, "this token is nobody's");
  }

  /** Writes down somebody who is not known, now and then. Blocks. */
  void stranger(String what, String on, String from, Refusal refusal) {
    synchronized (strangers) {
      if (written.getIfPresent(from) != null || !strangers.take(1, System.nanoTime())) {
        return;
      }
      written.put(from, true);
    }
    try {
      accesses.write(Access.allowed("nobody", what, on, "", from).refused(refusal.detail));
    } catch (IOException e) {
      log.error("a stranger is not in the audit log: {}", e.getMessage());
    }
  }
}
