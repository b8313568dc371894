package parley.signalling.servers;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import parley.signalling.health.Health;
import parley.signalling.health.HealthBody;

/**
 * {@code /health/…} and {@code /metrics} on the port of clients. Whether the node lives and is
 * ready everybody may know; the rest only who has a service token.
 */
public final class WatchDoor {

  /** Metrics are put together beside the event loops: clients' sockets do not wait. */
  private static final Executor ASIDE = Thread::startVirtualThread;

  private final Watch watch;
  private final ServiceTokens tokens;
  private final Json json = new Json();

  public WatchDoor(Services services) {
    this.watch = services.watch();
    this.tokens = services.tokens();
  }

  public void mount(Router router) {
    router.get("/health/live").handler(this::live);
    router.get("/health/ready").handler(this::ready);
    router.get("/health").handler(this::health);
    router.get("/metrics").handler(this::metrics);
  }

  private void live(RoutingContext context) {
    Health health = watch.health().now();
    answer(context, health.isLive() ? 200 : 503, HealthBody.brief(health));
  }

  private void ready(RoutingContext context) {
    Health health = watch.health().now();
    answer(context, health.isReady() ? 200 : 503, HealthBody.brief(health));
  }

  private void health(RoutingContext context) {
    if (admits(context, Scope.NODE_EXAMINE)) {
      Health health = watch.health().now();
      answer(context, health.isReady() ? 200 : 503, HealthBody.whole(health));
    }
  }

  private void metrics(RoutingContext context) {
    if (!admits(context, Scope.METRICS_READ)) {
      return;
    }
    Context loop = context.vertx().getOrCreateContext();
    Future.fromCompletionStage(CompletableFuture.supplyAsync(watch.metrics(), ASIDE), loop)
        .onFailure(context::fail)
        .onSuccess(
            text -> {
              if (!context.response().ended() && !context.response().closed()) {
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, Watch.METRICS_TYPE)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(text);
              }
            });
  }

  private boolean admits(RoutingContext context, Scope scope) {
    ServiceToken token = tokens.find(context.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (token != null && token.scopes().contains(scope)) {
      return true;
    }
    Problem problem =
        token == null
            ? Problem.of(
                Problem.Code.UNAUTHORIZED,
                "right would be Authorization: Bearer and a token of api.tokens with the scope "
                    + scope
                    + ", or the address of management.port")
            : Problem.of(Problem.Code.MISSING_SCOPE, "the token lacks " + scope);
    Answer refusal = problem.answer(json);
    context
        .response()
        .setStatusCode(refusal.status())
        .putHeader("www-authenticate", "Bearer")
        .putHeader(HttpHeaders.CONTENT_TYPE, refusal.type())
        .end(refusal.body());
    return false;
  }

  private void answer(RoutingContext context, int status, HealthBody body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, Answer.JSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(json.write(body));
  }
}
