package parley.signalling.gateway;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.server.FrontDoor;

/** The chat server, as a client of it sees it. */
final class Upstream {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** For questions of our own; what clients ask may take as long as they wait. */
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(15);

  /** Sockets from one address to another: there are no more ports. */
  private static final int MOST_SOCKETS = 64_000;

  /** Requests under way; further ones wait. */
  private static final int MOST_REQUESTS = 1_024;

  private static final int MOST_WAITING_REQUESTS = 10_000;

  /** Questions of our own under way: a chat server that has just come back is not run over. */
  private static final int MOST_QUESTIONS = 32;

  /** One of a few for each person who waits to be let in. */
  private static final int MOST_WAITING_QUESTIONS = 40_000;

  /** A team of ten thousand contacts, a KB each. */
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  /**
   * What came back.
   *
   * @param status HTTP status code
   */
  record Answer(int status, byte[] body) {}

  private static final Logger log = LoggerFactory.getLogger(Upstream.class);

  private record Question(String path, Credentials credentials, Promise<Answer> answer) {}

  private final URI base;
  private final HttpClient requests;
  private final HttpClient sockets;
  private final Queue<Question> waiting = new ArrayDeque<>();
  private int asked;

  Upstream(Vertx vertx, URI base) {
    this.base = base;
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
            .setMaxHeaderSize(FrontDoor.MAX_HEADER_BYTES)
            .setMaxInitialLineLength(FrontDoor.MAX_LINE_BYTES)
            .setDecompressionSupported(false);
    this.requests =
        client(
            vertx,
            options,
            new PoolOptions()
                .setHttp1MaxSize(MOST_REQUESTS)
                .setMaxWaitQueueSize(MOST_WAITING_REQUESTS));
    this.sockets = client(vertx, options, new PoolOptions().setHttp1MaxSize(MOST_SOCKETS));
  }

  private static HttpClient client(Vertx vertx, HttpClientOptions options, PoolOptions pool) {
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(pool)
        // Whoever uses the connection is told as well, and it is no error that the other end died.
        .withConnectHandler(
            connection ->
                connection.exceptionHandler(
                    e -> log.debug("a connection to the chat server: {}", e.toString())))
        .build();
  }

  /** Begins a request that is one of a client's. */
  Future<HttpClientRequest> request(HttpMethod method, String uri) {
    return requests.request(to(method, uri));
  }

  /** Begins a request that is to become a socket. */
  Future<HttpClientRequest> socket(String uri) {
    return sockets.request(to(HttpMethod.GET, uri));
  }

  private RequestOptions to(HttpMethod method, String uri) {
    boolean ssl = "https".equals(base.getScheme());
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    return new RequestOptions()
        .setMethod(method)
        .setHost(base.getHost())
        .setPort(base.getPort() > 0 ? base.getPort() : ssl ? 443 : 80)
        .setSsl(ssl)
        .setURI(path.endsWith("/") ? path.substring(0, path.length() - 1) + uri : path + uri);
  }

  /** Whether anybody answers, and it is the chat server: not what stands before it. */
  Future<Boolean> isThere() {
    return requests
        .request(to(HttpMethod.GET, "/api/v4/ping"))
        .compose(request -> send(request, new Credentials(null, null, null, List.of())))
        .timeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .map(answer -> !isAway(answer.status()));
  }

  /** Reads no more of an answer. */
  static void drop(HttpClientResponse answer) {
    answer.exceptionHandler(e -> log.trace("as was to be: {}", e.toString()));
    answer.request().reset();
  }

  /** Whether a status is that of something in between which does not reach it (RFC 9110 §15.6). */
  static boolean isAway(int status) {
    return status == 502 || status == 503 || status == 504;
  }

  /**
   * Asks the chat server's HTTP API on somebody's behalf.
   *
   * @return fails when there is no whole answer in time
   */
  Future<Answer> ask(String path, Credentials credentials) {
    Promise<Answer> answer = Promise.promise();
    var question = new Question(path, credentials, answer);
    synchronized (waiting) {
      if (asked >= MOST_QUESTIONS) {
        if (waiting.size() >= MOST_WAITING_QUESTIONS) {
          return Future.failedFuture("too many questions wait for the chat server");
        }
        waiting.add(question);
        return answer.future();
      }
      asked++;
    }
    put(question);
    return answer.future();
  }

  private void put(Question question) {
    requests
        .request(to(HttpMethod.GET, question.path()))
        .compose(request -> send(request, question.credentials()))
        .timeout(ASK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(
            result -> {
              Question next;
              synchronized (waiting) {
                next = waiting.poll();
                asked -= next == null ? 1 : 0;
              }
              if (next != null) {
                put(next);
              }
              question.answer().handle(result);
            });
  }

  private static Future<Answer> send(HttpClientRequest request, Credentials credentials) {
    MultiMap headers = request.headers();
    credentials.putInto(headers);
    headers.set("Accept", "application/json");
    request.exceptionHandler(e -> {}); // the answer fails as well
    request.idleTimeout(ASK_TIMEOUT.toMillis());
    return request.send().compose(Upstream::whole);
  }

  private static Future<Answer> whole(HttpClientResponse response) {
    Promise<Answer> answer = Promise.promise();
    Buffer body = Buffer.buffer();
    response.handler(
        part -> {
          if (body.length() + part.length() > MAX_ANSWER_BYTES) {
            answer.tryFail("the chat server's answer has no end");
            response.request().reset();
          } else {
            body.appendBuffer(part);
          }
        });
    response.exceptionHandler(answer::tryFail);
    response.endHandler(
        end -> answer.tryComplete(new Answer(response.statusCode(), body.getBytes())));
    return answer.future();
  }
}
