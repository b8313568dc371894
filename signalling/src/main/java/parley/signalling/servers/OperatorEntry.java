package parley.signalling.servers;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;
import parley.signalling.oidc.OidcProvider;
import parley.signalling.pages.PageSessions;
import parley.signalling.pages.Strangers;

/**
 * Who it is that the operator's page asks for: signing in with a service token of scope {@code
 * operate:view} or {@code operate:act}, or through {@link OperatorOidc}, and out; and that it is
 * this page that asks.
 */
final class OperatorEntry {

  /** The only paths that the session's cookie is sent to. */
  private static final String ROOT = OperatorDoor.ROOT;

  private static final String SESSION = ROOT + "/session";
  static final String SIGN_IN = "operate.sign_in";
  private static final String KEY = "parley.operator";

  private static final Logger log = LoggerFactory.getLogger(OperatorEntry.class);

  private final ServiceTokens tokens;
  private final AccessLog accesses;
  private final @Nullable OidcProvider provider;
  private final Audited audited;
  private final Strangers strangers;
  private final Replies replies;
  private final Function<HttpServerRequest, String> base;
  private final Function<HttpServerRequest, String> from;
  private final PageSessions<Operator> sessions =
      new PageSessions<>("parley_operate", InstantSource.system());

  /**
   * @param strangers those with wrong tokens
   * @param base scheme, host and port by which a request reached this server
   * @param from the address a request comes from, for what is written down
   */
  OperatorEntry(
      Services services,
      Strangers strangers,
      Replies replies,
      Function<HttpServerRequest, String> base,
      Function<HttpServerRequest, String> from) {
    this.tokens = services.tokens();
    this.audited = replies.audited(services.accesses());
    this.accesses = services.accesses();
    this.provider = services.provider();
    this.strangers = strangers;
    this.replies = replies;
    this.base = base;
    this.from = from;
  }

  void mount(Router router) {
    router
        .post(SESSION)
        .handler(BodyHandler.create(false).setBodyLimit(OperatorDoor.MAX_BODY_BYTES))
        .handler(this::signIn);
    router
        .get(SESSION)
        .handler(this::admit)
        .handler(context -> replies.send(context, replies.ok(body(session(context)))));
    router.delete(SESSION).handler(this::signOut);
  }

  private void signIn(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (isForeign(request)) {
      replies.refuse(context, Problem.Code.MISSING_SCOPE, "the request comes from another page");
      return;
    }
    String address = from.apply(request);
    if (!strangers.mayTry(address)) {
      replies.refuse(context, Problem.Code.RATE_LIMIT, "too many wrong tokens from there");
      return;
    }
    JsonNode body = replies.body(context);
    String text = body == null ? "" : body.path("token").asText("");
    ServiceToken token = tokens.find("Bearer " + text);
    if (token == null) {
      boolean _ = strangers.tried(address);
      strangers.writeLater(SIGN_IN, "", address, "nobody's token");
      replies.refuse(context, Problem.Code.UNAUTHORIZED, "nobody has this token");
      return;
    }
    Operator operator = Operator.of(token);
    if (!operator.mayLook()) {
      replies.refuse(context, Problem.Code.MISSING_SCOPE, "the token lacks " + Scope.OPERATE_VIEW);
      return;
    }
    Access access = Access.allowed(operator.who(), SIGN_IN, "", "", address);
    PageSessions.Begun<Operator> begun = sessions.begin(operator);
    replies.reply(
        context,
        audited.run(
            access,
            () -> CompletableFuture.completedFuture(replies.created(body(begun.session())))),
        done -> keep(context, begun, done),
        _ -> {});
  }

  /**
   * Somebody who has proved elsewhere who he is; his session is in the audit log before it begins.
   *
   * @param why how he proved it
   * @param then whether he is in; on the request's own thread
   */
  void enter(RoutingContext context, Operator operator, String why, Consumer<Boolean> then) {
    Access access = Access.allowed(operator.who(), SIGN_IN, "", why, from.apply(context.request()));
    PageSessions.Begun<Operator> begun = sessions.begin(operator);
    Future.fromCompletionStage(
            audited.run(access, () -> CompletableFuture.completedFuture(Answer.done())),
            context.vertx().getOrCreateContext())
        .onSuccess(
            done -> {
              keep(context, begun, done);
              then.accept(done.status() < 400);
            })
        .onFailure(
            e -> {
              sessions.end(begun.cookie());
              then.accept(false);
            });
  }

  /** Somebody who has proved who he is, and may not come in. */
  void turnAway(Operator operator, String why, String address, String refused) {
    Access access = Access.allowed(operator.who(), SIGN_IN, "", why, address).refused(refused);
    Thread.startVirtualThread(
        () -> {
          try {
            accesses.write(access);
          } catch (IOException e) {
            log.error("who was turned away is not in the audit log: {}", e.getMessage());
          }
        });
  }

  /** A session that is not in the audit log is none. */
  private void keep(RoutingContext context, PageSessions.Begun<Operator> begun, Answer written) {
    if (written.status() < 400) {
      setCookie(context, begun.cookie());
    } else {
      sessions.end(begun.cookie());
    }
  }

  private void signOut(RoutingContext context) {
    String cookie = sessions.cookie(context.request().getHeader(HttpHeaders.COOKIE));
    PageSessions.Session<Operator> session = sessions.find(cookie);
    sessions.end(cookie);
    setCookie(context, null);
    URI at =
        session == null || provider == null || !session.who().byOpenId()
            ? null
            : provider.farewell(base.apply(context.request()) + OperatorDoor.PAGE);
    replies.send(
        context, at == null ? Answer.done() : replies.ok(new OperatorBody.Farewell(at.toString())));
  }

  private void setCookie(RoutingContext context, @Nullable String value) {
    boolean secure = base.apply(context.request()).startsWith("https:");
    context.response().putHeader(HttpHeaders.SET_COOKIE, sessions.setCookie(value, ROOT, secure));
  }

  /** Lets who has signed in go on, if his page asks. */
  void admit(RoutingContext context) {
    PageSessions.Session<Operator> session =
        sessions.find(sessions.cookie(context.request().getHeader(HttpHeaders.COOKIE)));
    if (session == null) {
      replies.refuse(context, Problem.Code.UNAUTHORIZED, "sign in first");
    } else if (isForeign(context.request())) { // also one that may read our other answers (CORS)
      replies.refuse(context, Problem.Code.MISSING_SCOPE, "the request comes from another page");
    } else {
      context.put(KEY, session);
      context.next();
    }
  }

  /** Lets who was admitted go on if he may act, and his page knows the session's secret. */
  void mayAct(RoutingContext context) {
    PageSessions.Session<Operator> session = session(context);
    String csrf = Objects.requireNonNullElse(context.request().getHeader("parley-csrf"), "");
    if (!isSame(session.csrf(), csrf)) {
      replies.refuse(context, Problem.Code.MISSING_SCOPE, "the request comes from another page");
    } else if (!session.who().mayAct()) {
      replies.refuse(context, Problem.Code.MISSING_SCOPE, "this takes " + Scope.OPERATE_ACT);
    } else {
      context.next();
    }
  }

  /** Who was admitted. */
  static Operator operator(RoutingContext context) {
    return session(context).who();
  }

  private static PageSessions.Session<Operator> session(RoutingContext context) {
    return Objects.requireNonNull(context.get(KEY), "admitted without a session");
  }

  /** Whether another page's script asks, as far as its browser says. */
  boolean isForeign(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String site = request.getHeader("Sec-Fetch-Site");
    return (origin != null && !origin.equals(base.apply(request)))
        || (site != null && !site.equals("same-origin") && !site.equals("none"));
  }

  private static boolean isSame(String right, String given) {
    return MessageDigest.isEqual(
        right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static OperatorBody.Session body(PageSessions.Session<Operator> session) {
    Operator who = session.who();
    return new OperatorBody.Session(who.name(), who.mayAct(), who.mayDrain(), session.csrf());
  }
}
