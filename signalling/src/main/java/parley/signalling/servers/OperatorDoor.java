package parley.signalling.servers;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.signalling.audit.Access;
import parley.signalling.call.CallView;
import parley.signalling.health.HealthBody;
import parley.signalling.pages.PageSessions;
import parley.signalling.pages.Strangers;
import parley.signalling.session.ServerCommand;
import parley.signalling.session.ServerReply;
import parley.signalling.wire.IsoTime;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * {@code /operate/api/…}: what the operator's page asks for. Who signs in does so with a service
 * token of scope {@code operate:view} or {@code operate:act}; whatever he then does is in the audit
 * log before it is done.
 */
public final class OperatorDoor {

  private static final Logger log = LoggerFactory.getLogger(OperatorDoor.class);

  private static final String ROOT = "/operate/api";
  private static final String SESSION = ROOT + "/session";
  private static final String SIGN_IN = "operate.sign_in";
  private static final String CALL = ROOT + "/teams/:team/calls/:uid";

  /** A token or a reason. */
  private static final int MAX_BODY_BYTES = 8 << 10;

  /** A page does not show more; a node with more has other ways to be looked at. */
  private static final int MAX_CALLS = 200;

  /** The relay answers in milliseconds, or has lost the call. */
  private static final long PATIENCE_S = 3;

  /** All windows of all operators together ask the relay so often. */
  private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(1);

  private static final String KEY = "parley.operator";

  private final CallAsker calls;
  private final ServiceTokens tokens;
  private final Watch watch;
  private final Ending ending;
  private final Examination examination;
  private final Audited audited;
  private final Strangers strangers;
  private final Function<HttpServerRequest, String> base;
  private final Function<HttpServerRequest, String> from;
  private final PageSessions<ServiceToken> sessions =
      new PageSessions<>("parley_operate", InstantSource.system());
  private final Json json = new Json();
  private @Nullable CompletableFuture<OperatorBody.Overview> latest;
  private long latestNs;

  /**
   * @param base scheme, host and port by which a request reached this server
   * @param from the address a request comes from, for what is written down
   */
  public OperatorDoor(
      Services services,
      CallAsker calls,
      Function<HttpServerRequest, String> base,
      Function<HttpServerRequest, String> from) {
    this.calls = calls;
    this.tokens = services.tokens();
    this.watch = services.watch();
    this.ending = services.ending();
    this.examination = services.examination();
    this.audited = new Audited(services.accesses(), json);
    this.strangers = new Strangers(services.accesses(), System::nanoTime);
    this.base = base;
    this.from = from;
  }

  public void mount(Router router) {
    router
        .post(SESSION)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(this::signIn);
    router.get(SESSION).handler(this::admit).handler(context -> send(context, whoami(context)));
    router.delete(SESSION).handler(this::signOut);
    router.get(ROOT + "/overview").handler(this::admit).handler(this::overview);
    router.get(ROOT + "/past").handler(this::admit).handler(this::past);
    router.get(ROOT + "/doctor").handler(this::admit).handler(this::doctor);
    router.get(CALL).handler(this::admit).handler(this::look);
    acts(router, CALL + "/end", context -> onAct(context, this::end));
    acts(router, CALL + "/mute", context -> onAct(context, this::mute));
    acts(router, CALL + "/remove", context -> onAct(context, this::remove));
    acts(router, ROOT + "/drain", this::drain);
  }

  /** Something that is done. */
  @FunctionalInterface
  private interface Act {
    CompletableFuture<Answer> run(Asked asked);
  }

  /** What is done to which call, by whom and why. */
  private record Asked(
      TeamId team, CallId uid, @Nullable Jid contact, String who, String why, String from) {

    Access access(String what) {
      String on = contact == null ? uid.value() : uid.value() + " " + contact;
      return Access.allowed(who, what, on, why, from);
    }
  }

  private void acts(Router router, String path, Handler<RoutingContext> act) {
    // A route of its own: no body is taken in for those who may not send one.
    router.post(path).handler(this::admit).handler(this::mayAct);
    router.post(path).handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES)).handler(act);
  }

  // --- who it is

  private void signIn(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (isForeign(request)) {
      refuse(context, Problem.Code.MISSING_SCOPE, "the request comes from another page");
      return;
    }
    String address = from.apply(request);
    if (!strangers.mayTry(address)) {
      refuse(context, Problem.Code.RATE_LIMIT, "too many wrong tokens from there");
      return;
    }
    JsonNode body = body(context);
    String text = body == null ? "" : body.path("token").asText("");
    ServiceToken token = tokens.find("Bearer " + text);
    if (token == null) {
      boolean _ = strangers.tried(address);
      // The log waits for the disk.
      Thread.startVirtualThread(() -> strangers.write(SIGN_IN, "", address, "nobody's token"));
      refuse(context, Problem.Code.UNAUTHORIZED, "nobody has this token");
      return;
    }
    if (!token.scopes().contains(Scope.OPERATE_VIEW)
        && !token.scopes().contains(Scope.OPERATE_ACT)) {
      refuse(context, Problem.Code.MISSING_SCOPE, "the token lacks " + Scope.OPERATE_VIEW);
      return;
    }
    Access access = Access.allowed(who(token), SIGN_IN, "", "", address);
    String cookie = sessions.begin(token);
    reply(
        context,
        audited.run(
            access,
            () -> {
              PageSessions.Session<ServiceToken> session = sessions.find(cookie);
              return CompletableFuture.completedFuture(
                  session == null
                      ? Problem.of(Problem.Code.BUSY, "too many sign in").answer(json)
                      : new Answer(201, Answer.JSON, json.write(body(session)), ""));
            }),
        done -> {
          if (done.status() == 201) {
            setCookie(context, cookie);
          }
        });
  }

  private void signOut(RoutingContext context) {
    sessions.end(sessions.cookie(context.request().getHeader(HttpHeaders.COOKIE)));
    setCookie(context, null);
    send(context, Answer.done());
  }

  private void setCookie(RoutingContext context, @Nullable String value) {
    boolean secure = base.apply(context.request()).startsWith("https:");
    context.response().putHeader(HttpHeaders.SET_COOKIE, sessions.setCookie(value, ROOT, secure));
  }

  private void admit(RoutingContext context) {
    PageSessions.Session<ServiceToken> session =
        sessions.find(sessions.cookie(context.request().getHeader(HttpHeaders.COOKIE)));
    if (session == null) {
      refuse(context, Problem.Code.UNAUTHORIZED, "sign in first");
    } else if (isForeign(context.request())) { // also one that may read our other answers (CORS)
      refuse(context, Problem.Code.MISSING_SCOPE, "the request comes from another page");
    } else {
      context.put(KEY, session);
      context.next();
    }
  }

  private void mayAct(RoutingContext context) {
    PageSessions.Session<ServiceToken> session = session(context);
    String csrf = Objects.requireNonNullElse(context.request().getHeader("parley-csrf"), "");
    if (!isSame(session.csrf(), csrf)) {
      refuse(context, Problem.Code.MISSING_SCOPE, "the request comes from another page");
    } else if (!mayAct(session.who())) {
      refuse(context, Problem.Code.MISSING_SCOPE, "the token lacks " + Scope.OPERATE_ACT);
    } else {
      context.next();
    }
  }

  /** Whether another page's script asks, as far as its browser says. */
  private boolean isForeign(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String site = request.getHeader("Sec-Fetch-Site");
    return (origin != null && !origin.equals(base.apply(request)))
        || (site != null && !site.equals("same-origin") && !site.equals("none"));
  }

  private static boolean isSame(String right, String given) {
    return MessageDigest.isEqual(
        right.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private Answer whoami(RoutingContext context) {
    PageSessions.Session<ServiceToken> session = session(context);
    return Answer.ok(json.write(body(session)));
  }

  private static OperatorBody.Session body(PageSessions.Session<ServiceToken> session) {
    ServiceToken token = session.who();
    return new OperatorBody.Session(token.name(), mayAct(token), mayDrain(token), session.csrf());
  }

  private static boolean mayAct(ServiceToken token) {
    return token.scopes().contains(Scope.OPERATE_ACT);
  }

  /** The node has calls of all teams. */
  private static boolean mayDrain(ServiceToken token) {
    return mayAct(token) && token.teams().isEmpty();
  }

  private static String who(ServiceToken token) {
    return "operator " + token.name();
  }

  // --- looking

  private void overview(RoutingContext context) {
    ServiceToken token = token(context);
    reply(
        context,
        overview(System.nanoTime()).thenApply(all -> Answer.ok(json.write(visible(all, token)))));
  }

  /** Without the calls of teams that are not the token's. */
  private static OperatorBody.Overview visible(OperatorBody.Overview all, ServiceToken token) {
    return token.teams().isEmpty()
        ? all
        : new OperatorBody.Overview(
            all.now(),
            all.node(),
            all.health(),
            all.ending(),
            all.calls().stream().filter(each -> token.reaches(each.call().team())).toList(),
            0);
  }

  private synchronized CompletableFuture<OperatorBody.Overview> overview(long nowNs) {
    CompletableFuture<OperatorBody.Overview> known = latest;
    if (known == null || nowNs - latestNs > FRESH_NS) {
      known =
          calls
              .ask(new ServerCommand.Survey())
              .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
              .thenCompose(reply -> overview(((ServerReply.Calls) reply).calls()));
      latest = known;
      latestNs = nowNs;
    }
    return known;
  }

  private CompletableFuture<OperatorBody.Overview> overview(List<CallView> running) {
    List<CompletableFuture<OperatorBody.Call>> each = new ArrayList<>();
    for (CallView call : running.subList(0, Math.min(MAX_CALLS, running.size()))) {
      each.add(
          legs(call.place().team().uid(), call.uid())
              .thenApply(
                  legs ->
                      new OperatorBody.Call(
                          CallBody.of(call),
                          legs.legs().stream()
                              .filter(leg -> leg.report().live())
                              .map(leg -> LegBody.of(leg, leg.report().sentence()))
                              .toList())));
    }
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            _ ->
                new OperatorBody.Overview(
                    new IsoTime(Instant.now()),
                    watch.state().get(),
                    HealthBody.whole(watch.health().now()),
                    new OperatorBody.Ending(ending.others().getAsInt(), ending.handoverS()),
                    each.stream().map(CompletableFuture::join).toList(),
                    Math.max(0, running.size() - MAX_CALLS)));
  }

  /** None, when the relay does not answer: the rest is worth showing. */
  private CompletableFuture<ServerReply.Legs> legs(TeamId team, CallId uid) {
    return calls
        .ask(new ServerCommand.Legs(team, uid))
        .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
        .exceptionally(_ -> new ServerReply.NoCall())
        .thenApply(
            reply ->
                reply instanceof ServerReply.Legs legs
                    ? legs
                    : new ServerReply.Legs(uid, false, List.of()));
  }

  private void past(RoutingContext context) {
    ServiceToken token = token(context);
    reply(
        context,
        pastCalls()
            .thenApply(
                all ->
                    Answer.ok(
                        json.write(
                            new OperatorBody.PastCalls(
                                all.stream()
                                    .filter(call -> token.reaches(call.place().team().uid()))
                                    .map(OperatorBody.Past::of)
                                    .toList())))));
  }

  private CompletableFuture<List<ServerReply.PastCall>> pastCalls() {
    return calls
        .ask(new ServerCommand.Past())
        .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
        .thenApply(reply -> ((ServerReply.PastCalls) reply).calls());
  }

  private void look(RoutingContext context) {
    TeamId team = team(context);
    CallId uid = uid(context);
    if (team == null || !token(context).reaches(team)) {
      refuse(context, Problem.Code.NOT_FOUND, "there is no such call");
      return;
    }
    CompletableFuture<ServerReply> call =
        calls.ask(new ServerCommand.Look(team, uid)).orTimeout(PATIENCE_S, TimeUnit.SECONDS);
    CompletableFuture<OperatorBody.@Nullable Past> past =
        pastCalls().thenApply(all -> past(uid, all));
    reply(
        context,
        legs(team, uid)
            .thenCombine(call, (legs, one) -> past.thenApply(ended -> details(legs, one, ended)))
            .thenCompose(details -> details)
            .thenApply(
                details ->
                    details.call() == null && details.past() == null
                        ? Problem.of(Problem.Code.NOT_FOUND, "there is no such call").answer(json)
                        : Answer.ok(json.write(details))));
  }

  private static OperatorBody.Details details(
      ServerReply.Legs legs, ServerReply reply, OperatorBody.@Nullable Past past) {
    return new OperatorBody.Details(
        reply instanceof ServerReply.OneCall,
        reply instanceof ServerReply.OneCall one ? CallBody.of(one.call()) : null,
        past,
        new IsoTime(Instant.now()),
        legs.legs().stream().map(OperatorBody.Leg::of).toList());
  }

  /** Null: it is not over. */
  private static OperatorBody.@Nullable Past past(CallId uid, List<ServerReply.PastCall> all) {
    for (ServerReply.PastCall each : all) {
      if (each.summary().uid().equals(uid)) {
        return OperatorBody.Past.of(each);
      }
    }
    return null;
  }

  private void doctor(RoutingContext context) {
    reply(
        context,
        examination
            .findings(System.nanoTime())
            .thenApply(findings -> Answer.ok(json.write(findings))));
  }

  // --- acting

  private void onAct(RoutingContext context, Act act) {
    TeamId team = team(context);
    ServiceToken token = token(context);
    if (team == null || !token.reaches(team)) {
      refuse(context, Problem.Code.NOT_FOUND, "there is no such call");
      return;
    }
    JsonNode body = body(context);
    String why = why(context, body);
    if (why == null) {
      return;
    }
    String contact = body == null ? "" : body.path("contact").asText("");
    Jid on = Jid.tryParse(contact);
    if (on == null && !contact.isEmpty()) { // nobody named is everybody: no typing error is
      refuse(context, Problem.Code.INVALID, "contact: a jid like d- and a UUID");
      return;
    }
    reply(
        context,
        act.run(new Asked(team, uid(context), on, who(token), why, from.apply(context.request()))));
  }

  /** The reason that is given; null: there is none, and that is answered. */
  private @Nullable String why(RoutingContext context, @Nullable JsonNode body) {
    String why = body == null ? "" : body.path("why").asText("");
    if (why.isBlank() || why.length() > Access.MAX_REASON) {
      refuse(context, Problem.Code.INVALID, "why: a reason of at most " + Access.MAX_REASON);
      return null;
    }
    return why;
  }

  private void drain(RoutingContext context) {
    if (!mayDrain(token(context))) {
      refuse(context, Problem.Code.MISSING_SCOPE, "the token is for some teams only");
      return;
    }
    String why = why(context, body(context));
    if (why == null) {
      return;
    }
    Access access =
        Access.allowed(who(token(context)), "node.drain", "", why, from.apply(context.request()));
    reply(
        context,
        audited.run(access, () -> CompletableFuture.completedFuture(Answer.begun())),
        _ -> {},
        done -> {
          if (done.status() == Answer.BEGUN) {
            ending.begin().run(); // when that is said: soon nobody can be told anything
          }
        });
  }

  private CompletableFuture<Answer> end(Asked asked) {
    return audited.run(
        asked.access("call.end"), () -> order(new ServerCommand.End(asked.team(), asked.uid())));
  }

  private CompletableFuture<Answer> mute(Asked asked) {
    return audited.run(
        asked.access("call.mute"),
        () -> order(new ServerCommand.Mute(asked.team(), asked.uid(), asked.contact())));
  }

  private CompletableFuture<Answer> remove(Asked asked) {
    Jid contact = asked.contact();
    if (contact == null) {
      return CompletableFuture.completedFuture(
          Problem.of(Problem.Code.INVALID, "contact: who is to be put out").answer(json));
    }
    return audited.run(
        asked.access("call.remove"),
        () -> order(new ServerCommand.Remove(asked.team(), asked.uid(), contact)));
  }

  private CompletableFuture<Answer> order(ServerCommand command) {
    return calls
        .ask(command)
        .orTimeout(PATIENCE_S, TimeUnit.SECONDS)
        .thenApply(
            reply ->
                reply instanceof ServerReply.Done
                    ? Answer.done()
                    : Problem.of(Problem.Code.NOT_FOUND, "that is over, or has left").answer(json));
  }

  // --- answers

  private static PageSessions.Session<ServiceToken> session(RoutingContext context) {
    return Objects.requireNonNull(context.get(KEY), "admitted without a session");
  }

  private static ServiceToken token(RoutingContext context) {
    return session(context).who();
  }

  private @Nullable JsonNode body(RoutingContext context) {
    var buffer = context.body().buffer();
    return json.read(buffer == null ? "{}".getBytes(StandardCharsets.UTF_8) : buffer.getBytes());
  }

  private static @Nullable TeamId team(RoutingContext context) {
    return TeamId.tryParse(context.pathParam("team"));
  }

  private static CallId uid(RoutingContext context) {
    String uid = context.pathParam("uid");
    return new CallId(uid == null || uid.isBlank() ? "none" : uid);
  }

  private void reply(RoutingContext context, CompletableFuture<Answer> answer) {
    reply(context, answer, _ -> {});
  }

  private void reply(
      RoutingContext context, CompletableFuture<Answer> answer, Consumer<Answer> before) {
    reply(context, answer, before, _ -> {});
  }

  private void reply(
      RoutingContext context,
      CompletableFuture<Answer> answer,
      Consumer<Answer> before,
      Consumer<Answer> after) {
    Context loop = context.vertx().getOrCreateContext(); // calls and the disk have other threads
    Future.fromCompletionStage(answer, loop)
        .onSuccess(
            done -> {
              before.accept(done);
              send(context, done);
              after.accept(done);
            })
        .onFailure(
            e -> {
              log.warn("{} was not answered: {}", context.request().path(), e.toString());
              refuse(context, Problem.Code.BUSY, "too much to do; try again");
            });
  }

  private void refuse(RoutingContext context, Problem.Code code, String why) {
    send(context, Problem.of(code, why).answer(json));
  }

  private void send(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return; // the asker has gone
    }
    response.setStatusCode(answer.status()).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (answer.body().isEmpty()) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, answer.type()).end(answer.body());
    }
  }
}
