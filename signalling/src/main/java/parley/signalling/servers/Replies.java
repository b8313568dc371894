package parley.signalling.servers;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.audit.AccessLog;

/** What the operator's page is answered with. */
final class Replies {

  private static final Logger log = LoggerFactory.getLogger(Replies.class);

  private final Json json = new Json();

  /** As a body. */
  Answer ok(Object body) {
    return Answer.ok(json.write(body));
  }

  /** What was made. */
  Answer created(Object body) {
    return new Answer(201, Answer.JSON, json.write(body), "");
  }

  Answer problem(Problem.Code code, String why) {
    return Problem.of(code, why).answer(json);
  }

  /** Does nothing that was not written down before. */
  Audited audited(AccessLog accesses) {
    return new Audited(accesses, json);
  }

  /** Null when it is no JSON. */
  @Nullable JsonNode body(RoutingContext context) {
    var buffer = context.body().buffer();
    return json.read(buffer == null ? "{}".getBytes(StandardCharsets.UTF_8) : buffer.getBytes());
  }

  void reply(RoutingContext context, CompletableFuture<Answer> answer) {
    reply(context, answer, _ -> {}, _ -> {});
  }

  /**
   * Answers when there is an answer, on the request's own thread.
   *
   * @param before is run before it is sent
   * @param after is run when it has been
   */
  void reply(
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

  void refuse(RoutingContext context, Problem.Code code, String why) {
    send(context, problem(code, why));
  }

  void send(RoutingContext context, Answer answer) {
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
