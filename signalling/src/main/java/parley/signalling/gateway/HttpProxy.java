package parley.signalling.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes HTTP requests on to the chat server and its answers back: bodies as they come, each end no
 * faster than the other reads.
 */
final class HttpProxy {

  private static final Logger log = LoggerFactory.getLogger(HttpProxy.class);

  private static final int BAD_REQUEST = 400;
  private static final int BAD_GATEWAY = 502;

  private final Upstream upstream;
  private final boolean keepHost;

  HttpProxy(Upstream upstream, boolean keepHost) {
    this.upstream = upstream;
    this.keepHost = keepHost;
  }

  /**
   * Passes a request on.
   *
   * @param stale an answer for when the chat server is away: JSON; null: there is none
   */
  void pass(HttpServerRequest request, Supplier<byte @Nullable []> stale) {
    request.pause();
    upstream
        .request(request.method(), request.uri())
        .onSuccess(to -> send(request, to, stale))
        .onFailure(e -> onUnreachable(request, e, stale));
  }

  private void send(
      HttpServerRequest request, HttpClientRequest to, Supplier<byte @Nullable []> stale) {
    to.headers().setAll(Forwarding.request(request, keepHost));
    HttpServerResponse response = request.response();
    response.closeHandler(v -> to.reset()); // the client is gone: does nothing once all is done
    boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    to.setChunked(chunked);
    to.exceptionHandler(e -> log.debug("to the chat server: {}", e.toString()));
    to.response()
        .onSuccess(answer -> onAnswer(request, answer, stale))
        .onFailure(e -> onUnreachable(request, e, stale));
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      // The chat server says whether it wants the body at all (RFC 9110 §10.1.1).
      to.continueHandler(
          v -> {
            response.writeContinue();
            request.pipeTo(to);
          });
      to.writeHead();
    } else if (chunked || hasLength(request)) {
      request.pipeTo(to).onFailure(e -> to.reset());
    } else {
      request.resume();
      to.end();
    }
  }

  private static boolean hasLength(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  private void onAnswer(
      HttpServerRequest request, HttpClientResponse answer, Supplier<byte @Nullable []> stale) {
    byte[] instead = Upstream.isAway(answer.statusCode()) ? stale.get() : null;
    if (instead == null) {
      answer(request, answer);
    } else {
      Upstream.drop(answer);
      answerStale(request, instead);
    }
  }

  /** Passes an answer back. */
  static void answer(HttpServerRequest request, HttpClientResponse from) {
    HttpServerResponse to = request.response();
    if (to.closed()) {
      Upstream.drop(from);
      return;
    }
    to.setStatusCode(from.statusCode()).setStatusMessage(from.statusMessage());
    Forwarding.endToEnd(from.headers(), to.headers());
    request.resume(); // what is left of its body is nobody's any more
    if (hasNoBody(request, from.statusCode())) {
      to.end();
      from.resume();
      return;
    }
    if (!to.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      to.setChunked(true);
    }
    from.pipe()
        .endOnComplete(false)
        .to(to)
        .onSuccess(
            v -> {
              if (to.isChunked()) {
                to.trailers().addAll(from.trailers());
              }
              to.end();
            })
        .onFailure(
            e -> {
              log.debug("an answer was cut off: {}", e.toString());
              Upstream.drop(from);
              to.reset(); // so that the client does not take it for whole
            });
  }

  /** RFC 9110 §6.4.1. */
  private static boolean hasNoBody(HttpServerRequest request, int status) {
    return HttpMethod.HEAD.equals(request.method()) || status == 204 || status == 304;
  }

  private static void onUnreachable(
      HttpServerRequest request, Throwable why, Supplier<byte @Nullable []> stale) {
    HttpServerResponse response = request.response();
    request.resume();
    if (response.closed() || response.ended()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    byte[] instead = stale.get();
    if (instead != null) {
      answerStale(request, instead);
    } else {
      log.debug("the chat server cannot be reached: {}", why.toString());
      unavailable(request);
    }
  }

  /** What this is asked for cannot be asked here. */
  static void refuse(HttpServerRequest request) {
    json(
        request.response().setStatusCode(BAD_REQUEST),
        "{\"ok\":false,\"error\":\"INVALID_DATA\"}".getBytes(StandardCharsets.UTF_8));
  }

  /** The chat server is away. */
  static void unavailable(HttpServerRequest request) {
    json(
        request.response().setStatusCode(BAD_GATEWAY),
        "{\"ok\":false,\"error\":\"UNAVAILABLE\"}".getBytes(StandardCharsets.UTF_8));
  }

  /** What it said before it went away (RFC 9111 §4.2.4). */
  static void answerStale(HttpServerRequest request, byte[] json) {
    request.resume();
    json(request.response(), json);
  }

  static void json(HttpServerResponse response, byte[] json) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Buffer.buffer(json));
  }
}
