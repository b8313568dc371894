package parley.signalling.servers;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.directory.IconUrls;
import parley.signalling.directory.Teams;
import parley.signalling.directory.TokenHash;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;
import parley.stun.IceServer;

/**
 * {@code /parley/v1/…}: who asks, whether he may, whether he asks again; what is asked is the
 * business of {@link Operations}.
 */
public final class ServersDoor {

  private static final Logger log = LoggerFactory.getLogger(ServersDoor.class);

  private static final String ROOT = "/parley/*";
  private static final String DOCTOR = "/parley/v1/doctor";
  private static final String TEAM = "/parley/v1/teams/:team";

  /** A thousand jids and some air. */
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** The calls' thread answers in microseconds; a chat server that is asked for a team, in time. */
  private static final long PATIENCE_S = 10;

  private static final int MAX_KEY_CHARS = 255;

  /** Under it the token stays with the request, once it is known. */
  private static final String TOKEN = "parley.service-token";

  private final Teams teams;
  private final ServiceTokens tokens;
  private final Function<HttpServerRequest, String> from;
  private final Operations operations;
  private final Examination examination;
  private final Function<HttpServerRequest, String> base;
  private final IdempotencyKeys keys = new IdempotencyKeys(IdempotencyKeys.MAX_BYTES);
  private final Json json = new Json();

  /**
   * @param base scheme, host and port by which a request reached this server
   * @param services whose they are, and where is written what they do with recordings
   * @param from the address a request comes from, for what is written down
   * @param ice what a contact's client is to use that reaches this server as the request does
   */
  public ServersDoor(
      Teams teams,
      Services services,
      CallAsker calls,
      Function<HttpServerRequest, String> base,
      BiFunction<HttpServerRequest, Jid, List<IceServer>> ice,
      Function<HttpServerRequest, String> from) {
    this.teams = teams;
    this.tokens = services.tokens();
    this.examination = services.examination();
    this.from = from;
    this.operations = new Operations(calls, new Audited(services.accesses(), json), ice, json);
    this.base = base;
  }

  public void mount(Router router) {
    String calls = TEAM + "/calls";
    String call = calls + "/:uid";
    mount(router, HttpMethod.GET, calls, Scope.CALLS_READ, operations::list);
    mount(router, HttpMethod.POST, calls, Scope.CALLS_WRITE, operations::start);
    only(router, calls, HttpMethod.GET, HttpMethod.POST);
    mount(router, HttpMethod.GET, call, Scope.CALLS_READ, operations::look);
    mount(router, HttpMethod.DELETE, call, Scope.CALLS_WRITE, operations::end);
    only(router, call, HttpMethod.GET, HttpMethod.DELETE);
    mount(router, HttpMethod.GET, call + "/legs", Scope.CALLS_READ, operations::legs);
    only(router, call + "/legs", HttpMethod.GET);
    mount(router, HttpMethod.POST, call + "/ring", Scope.CALLS_WRITE, operations::ring);
    only(router, call + "/ring", HttpMethod.POST);
    mount(router, HttpMethod.POST, call + "/mute", Scope.CALLS_WRITE, operations::mute);
    only(router, call + "/mute", HttpMethod.POST);
    String participant = call + "/participants/:contact";
    mount(router, HttpMethod.DELETE, participant, Scope.CALLS_WRITE, operations::remove);
    only(router, participant, HttpMethod.DELETE);
    mount(router, HttpMethod.POST, call + "/mask", Scope.RECORDING_WRITE, operations::mask);
    only(router, call + "/mask", HttpMethod.POST);
    String recording = TEAM + "/recording";
    mount(router, HttpMethod.POST, recording, Scope.RECORDING_WRITE, operations::record);
    only(router, recording, HttpMethod.POST);
    String ice = TEAM + "/contacts/:contact/ice-servers";
    mount(router, HttpMethod.GET, ice, Scope.ICE_READ, operations::ice);
    only(router, ice, HttpMethod.GET);
    router.get(DOCTOR).handler(context -> admit(context, Scope.NODE_EXAMINE));
    router.get(DOCTOR).handler(this::examine);
    only(router, DOCTOR, HttpMethod.GET);
    router.route(ROOT).handler(context -> refuse(context, nothingHere()));
    router.route(ROOT).failureHandler(this::onFailure);
  }

  private void mount(
      Router router, HttpMethod method, String path, Scope scope, Operations.Operation operation) {
    // A route of its own: no body is taken in for those who may not send one.
    router.route(method, path).handler(context -> admit(context, scope));
    router
        .route(method, path)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(context -> onRequest(context, operation));
  }

  private void only(Router router, String path, HttpMethod... methods) {
    String allowed = Arrays.stream(methods).map(HttpMethod::name).collect(Collectors.joining(", "));
    router
        .route(path)
        .handler(
            context -> {
              context.response().putHeader(HttpHeaders.ALLOW, allowed);
              refuse(
                  context,
                  Problem.of(Problem.Code.METHOD_NOT_ALLOWED, "right would be " + allowed));
            });
  }

  /** Before the body is read. */
  private void admit(RoutingContext context, Scope scope) {
    HttpServerResponse response = context.response();
    ServiceToken token = tokens.find(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (token == null) {
      response.putHeader("www-authenticate", "Bearer");
      String right = "right would be Authorization: Bearer and a token of api.tokens";
      refuse(context, Problem.of(Problem.Code.UNAUTHORIZED, right));
    } else if (!token.scopes().contains(scope)) {
      response.putHeader(
          "www-authenticate", "Bearer error=\"insufficient_scope\", scope=\"" + scope + '"');
      refuse(context, Problem.of(Problem.Code.MISSING_SCOPE, "the token lacks " + scope));
    } else {
      context.put(TOKEN, token);
      context.next();
    }
  }

  private void onRequest(RoutingContext context, Operations.Operation operation) {
    ServiceToken token = Objects.requireNonNull(context.get(TOKEN), "admitted without a token");
    TeamId team = TeamId.tryParse(context.pathParam("team"));
    if (team == null || !token.reaches(team)) {
      refuse(context, noTeam()); // the same whether it exists or not
      return;
    }
    var body = context.body().buffer();
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    String key = context.request().getHeader("idempotency-key");
    if (key == null || HttpMethod.GET.equals(context.request().method())) {
      reply(context, answer(context, token, team, bytes, operation));
      return;
    }
    if (key.isEmpty() || key.length() > MAX_KEY_CHARS) {
      String right = "Idempotency-Key: expected 1 to " + MAX_KEY_CHARS + " characters";
      refuse(context, Problem.of(Problem.Code.BAD_REQUEST, right));
      return;
    }
    once(context, token, key, bytes, () -> answer(context, token, team, bytes, operation));
  }

  /** As {@code ./parley doctor --json} prints it. */
  private void examine(RoutingContext context) {
    reply(
        context,
        examination
            .findings(System.nanoTime())
            .thenApply(findings -> Answer.ok(json.write(findings))));
  }

  private interface Work {
    CompletableFuture<Answer> begin();
  }

  /** Carries out what has not been carried out already. */
  private void once(
      RoutingContext context, ServiceToken token, String key, byte[] bytes, Work work) {
    HttpServerRequest request = context.request();
    String fingerprint =
        TokenHash.of(
            request.method().name()
                + "\n"
                + request.path()
                + "\n"
                + new String(bytes, StandardCharsets.ISO_8859_1));
    switch (keys.begin(token.name(), key, fingerprint, System.nanoTime())) {
      case IdempotencyKeys.Answered again -> {
        context.response().putHeader("idempotency-replayed", "true");
        send(context, again.answer());
      }
      case IdempotencyKeys.UnderWay now ->
          refuse(
              context,
              Problem.of(
                  Problem.Code.STILL_RUNNING,
                  "the first request with this key is not answered yet"));
      case IdempotencyKeys.Reused other ->
          refuse(
              context,
              Problem.of(
                  Problem.Code.KEY_REUSED, "Idempotency-Key: another request has had this key"));
      case IdempotencyKeys.Fresh fresh ->
          reply(
              context,
              work.begin()
                  .whenComplete(
                      (answer, failure) -> {
                        if (answer != null && answer.isFinal()) {
                          keys.answered(token.name(), key, answer);
                        } else {
                          keys.forget(token.name(), key);
                        }
                      }));
    }
  }

  private CompletableFuture<Answer> answer(
      RoutingContext context,
      ServiceToken token,
      TeamId team,
      byte[] bytes,
      Operations.Operation operation) {
    HttpServerRequest request = context.request();
    var asked =
        new Operations.Asked(
            request,
            "token " + token.name(),
            from.apply(request),
            context.pathParam("uid"),
            context.pathParam("contact"),
            Wish.read(bytes, json));
    return teams
        .find(team)
        .thenCompose(found -> run(found, asked, operation))
        .orTimeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  private CompletionStage<Answer> run(
      Teams.Found found, Operations.Asked asked, Operations.Operation operation) {
    return switch (found) {
      case Teams.NoTeam none -> CompletableFuture.completedFuture(noTeam().answer(json));
      case Teams.TheTeam the -> operation.run(the.team(), asked);
    };
  }

  private void reply(RoutingContext context, CompletableFuture<Answer> answer) {
    Context loop = context.vertx().getOrCreateContext(); // calls and directory have other threads
    Future.fromCompletionStage(answer, loop)
        .onSuccess(done -> send(context, done))
        .onFailure(
            e -> {
              log.warn("{} was not answered: {}", context.request().path(), e.toString());
              context.response().putHeader("retry-after", "1");
              refuse(context, Problem.of(Problem.Code.BUSY, "too much to do, or nobody to ask"));
            });
  }

  private void onFailure(RoutingContext context) {
    switch (context.statusCode()) {
      case 413 -> {
        String most = "the body is larger than " + MAX_BODY_BYTES + " bytes";
        refuse(context, Problem.of(Problem.Code.TOO_LARGE, most));
      }
      case 429 ->
          refuse(context, Problem.of(Problem.Code.RATE_LIMIT, "too many requests from there"));
      case 400 -> refuse(context, Problem.of(Problem.Code.BAD_REQUEST, "the path or its encoding"));
      default -> {
        log.error("a defect while answering {}", context.request().path(), context.failure());
        refuse(context, Problem.of(Problem.Code.INTERNAL, "a defect of ours; the log says more"));
      }
    }
  }

  private void refuse(RoutingContext context, Problem problem) {
    send(context, problem.answer(json));
  }

  private void send(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return; // the asker has gone
    }
    response.setStatusCode(answer.status()).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (!answer.location().isEmpty()) {
      response.putHeader(HttpHeaders.LOCATION, answer.location());
    }
    if (answer.body().isEmpty()) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, answer.type());
      response.end(IconUrls.resolve(answer.body(), base.apply(context.request())));
    }
  }

  private static Problem noTeam() {
    return Problem.of(Problem.Code.NOT_FOUND, "there is no such team for this token");
  }

  private static Problem nothingHere() {
    return Problem.of(Problem.Code.NOT_FOUND, "there is nothing at this address");
  }
}
