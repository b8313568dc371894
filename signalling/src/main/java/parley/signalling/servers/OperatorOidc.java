package parley.signalling.servers;

import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.oidc.Attempt;
import parley.signalling.oidc.Attempts;
import parley.signalling.oidc.Claims;
import parley.signalling.oidc.OidcFailure;
import parley.signalling.oidc.OidcFailure.Kind;
import parley.signalling.oidc.OidcProvider;
import parley.signalling.oidc.OidcSettings;
import parley.signalling.oidc.Returned;
import parley.signalling.pages.Strangers;

/**
 * {@code /operate/api/oidc/…}: an operator is sent to the OpenID provider and comes back. What he
 * may do is what his roles there say; from then on he is signed in as with a token. Browsers are
 * met here, not scripts: every answer sends them on, to the page at the latest.
 */
final class OperatorOidc {

  private static final Logger log = LoggerFactory.getLogger(OperatorOidc.class);

  private static final String ROOT = OperatorDoor.ROOT + "/oidc";

  /**
   * The state, in the browser that was sent: nobody else's can be finished there (RFC 6749 §10.12).
   */
  private static final String COOKIE = "parley_oidc";

  /** More is none of ours; codes of some providers are a few KB. */
  private static final int MAX_PARAMETER_CHARS = 4_096;

  /** Who asks the provider just now: a slow one does not gather threads here. */
  private static final int MAX_ASKING = 64;

  private final OidcProvider provider;
  private final OperatorEntry entry;
  private final Strangers strangers;
  private final Function<HttpServerRequest, String> base;
  private final Function<HttpServerRequest, String> from;
  private final Attempts attempts = new Attempts(System::nanoTime);
  private final Semaphore asking = new Semaphore(MAX_ASKING);

  /**
   * @param entry where sessions begin
   * @param strangers those who come back with what is nobody's, as those with wrong tokens
   * @param base scheme, host and port by which a request reached this server
   * @param from the address a request comes from
   */
  OperatorOidc(
      OidcProvider provider,
      OperatorEntry entry,
      Strangers strangers,
      Function<HttpServerRequest, String> base,
      Function<HttpServerRequest, String> from) {
    this.provider = provider;
    this.entry = entry;
    this.strangers = strangers;
    this.base = base;
    this.from = from;
  }

  void mount(Router router) {
    router.get(ROOT + "/begin").handler(this::begin);
    router.get(ROOT + "/callback").handler(this::callback);
  }

  private void begin(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (entry.isForeign(request)) { // signs nobody in who did not ask for it
      send(context, OperatorDoor.PAGE);
      return;
    }
    String here = base.apply(request);
    Attempt attempt = attempts.begin(from.apply(request), here + ROOT + "/callback");
    asked(context, () -> provider.authorization(attempt))
        .onSuccess(
            at -> {
              Cookie cookie =
                  Cookie.cookie(COOKIE, attempt.state())
                      .setPath(ROOT)
                      .setHttpOnly(true)
                      // Lax: the way back begins on the provider's page.
                      .setSameSite(CookieSameSite.LAX)
                      .setSecure(here.startsWith("https:"));
              context.response().addCookie(cookie);
              send(context, at.toString());
            })
        .onFailure(e -> refuse(context, e));
  }

  private void callback(RoutingContext context) {
    HttpServerRequest request = context.request();
    Cookie cookie = request.getCookie(COOKIE);
    String sent = cookie == null ? "" : cookie.getValue();
    if (!strangers.mayTry(from.apply(request))) {
      refuse(context, new OidcFailure(Kind.TOO_MANY, "too many come back with nothing"));
      return;
    }
    var returned =
        new Returned(
            parameter(request, "state"),
            parameter(request, "code"),
            parameter(request, "error"),
            parameter(request, "iss"));
    boolean isHis = !sent.isEmpty() && sent.equals(returned.state());
    Attempt attempt = isHis ? attempts.take(sent) : null;
    if (attempt == null) {
      refuse(context, new OidcFailure(Kind.STALE, "nobody was sent to come back with this"));
      return;
    }
    asked(context, () -> provider.redeem(attempt, returned))
        .onSuccess(claims -> arrived(context, claims))
        .onFailure(e -> refuse(context, e));
  }

  /** Empty when it is not there, cannot be read, or is too long to be a provider's. */
  private static String parameter(HttpServerRequest request, String name) {
    try {
      String value = Objects.requireNonNullElse(request.getParam(name), "");
      return value.length() <= MAX_PARAMETER_CHARS ? value : "";
    } catch (IllegalArgumentException e) { // Vert.x, of a percent sign with nothing behind it
      return "";
    }
  }

  private void arrived(RoutingContext context, Claims claims) {
    OidcSettings settings = provider.settings();
    Set<Scope> scopes = scopes(claims.words(settings.rolesClaim()));
    String name = claims.name(settings.nameClaim()) + " at " + settings.issuer().getHost();
    var operator = new Operator(name, scopes, Set.of(), true);
    String why = "OpenID Connect, subject " + claims.subject();
    if (scopes.isEmpty()) {
      entry.turnAway(operator, why, from.apply(context.request()), "has no role here");
      refuse(context, new OidcFailure(Kind.NO_ROLE, "somebody has none of operate.oidc's roles"));
      return;
    }
    entry.enter(
        context,
        operator,
        why,
        in -> {
          if (in) {
            leave(context);
            send(context, OperatorDoor.PAGE);
          } else {
            refuse(context, new OidcFailure(Kind.NOT_AUDITED, "the audit log cannot be written"));
          }
        });
  }

  private Set<Scope> scopes(Set<String> roles) {
    OidcSettings settings = provider.settings();
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    if (roles.stream().anyMatch(settings.viewRoles()::contains)) {
      scopes.add(Scope.OPERATE_VIEW);
    }
    if (roles.stream().anyMatch(settings.actRoles()::contains)) {
      scopes.add(Scope.OPERATE_ACT);
    }
    return scopes;
  }

  /** On a thread that may wait; goes on where the request belongs. */
  private <T> Future<T> asked(RoutingContext context, Callable<T> question) {
    if (!asking.tryAcquire()) {
      return Future.failedFuture(
          new OidcFailure(Kind.UNREACHABLE, "too many wait for the OpenID provider"));
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            answer.complete(question.call());
          } catch (Throwable e) { // whatever it was, a browser waits
            answer.completeExceptionally(e);
          } finally {
            asking.release();
          }
        });
    return Future.fromCompletionStage(answer, context.vertx().getOrCreateContext());
  }

  /** Sends him to the page, which says in words of its own what is the matter. */
  private void refuse(RoutingContext context, Throwable e) {
    Kind kind = e instanceof OidcFailure failure ? failure.kind() : Kind.UNREACHABLE;
    String address = from.apply(context.request());
    switch (kind) {
      case STALE, DENIED, UNPROVED -> {
        boolean _ = strangers.tried(address);
        strangers.writeLater(
            OperatorEntry.SIGN_IN, "", address, "OpenID Connect: " + e.getMessage());
      }
      case NO_ROLE -> {
        boolean _ = strangers.tried(address); // is in the audit log by name
      }
      case UNREACHABLE, TOO_MANY, NOT_AUDITED -> {} // nothing was shown
    }
    if (kind != Kind.TOO_MANY) { // those are few a minute
      log.warn("nobody signs in by OpenID Connect: {}", String.valueOf(e.getMessage()));
    }
    leave(context);
    send(context, OperatorDoor.PAGE + "#refused/" + kind.name().toLowerCase(Locale.ROOT));
  }

  /** What was begun is over. */
  private static void leave(RoutingContext context) {
    if (!context.response().headWritten()) {
      context
          .response()
          .addCookie(Cookie.cookie(COOKIE, "").setPath(ROOT).setHttpOnly(true).setMaxAge(0));
    }
  }

  private static void send(RoutingContext context, String to) {
    if (!context.response().ended() && !context.response().closed()) {
      context
          .response()
          .setStatusCode(302)
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .putHeader(HttpHeaders.LOCATION, to)
          .end();
    }
  }
}
