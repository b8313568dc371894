package parley.signalling.link;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.directory.Teams;
import parley.signalling.link.LinkMessage.FromChat;
import parley.signalling.link.LinkMessage.Hello;
import parley.signalling.link.LinkSettings.ChatServer;
import parley.signalling.session.CallLoop;
import parley.signalling.wire.EventCodec;

/**
 * {@code /link/v1}: chat servers that keep their clients' sockets hand us what is said about calls.
 * One event loop owns all links.
 */
public final class LinkDoor {

  private static final Logger log = LoggerFactory.getLogger(LinkDoor.class);

  static final String PATH = "/link/v1";

  private static final String BEARER = "Bearer ";

  /** A chat server that has connected knows at once what to say. */
  private static final long HELLO_MS = 10_000;

  private static final int GOING_AWAY = 1001;
  private static final int POLICY = 1008;
  private static final int TRY_LATER = 1013;

  private final Vertx vertx;
  private final LinkSettings settings;
  private final LinkLoop thread;
  private final LinkCodec codec = new LinkCodec();
  private final LinkCounters counters;
  private final Links links;
  private final AtomicInteger connected = new AtomicInteger();
  private final Function<HttpServerRequest, String> base;

  /**
   * @param base the address by which a request reached us, without a slash at the end
   */
  public LinkDoor(
      Vertx vertx,
      LinkSettings settings,
      Teams teams,
      CallLoop calls,
      EventCodec events,
      MeterRegistry metrics,
      Function<HttpServerRequest, String> base) {
    this.vertx = vertx;
    this.settings = settings;
    this.base = base;
    this.thread = new VertxLoop(vertx);
    this.counters = new LinkCounters(metrics);
    this.links = new Links(new LinkSurroundings(thread, teams, calls, events, codec, counters));
    Gauge.builder("parley.signalling.links", connected, AtomicInteger::get).register(metrics);
  }

  /** Opens the door, if any chat server may come through it. */
  public void mount(Router router) {
    if (!settings.chatServers().isEmpty()) {
      router.get(PATH).handler(this::onRequest);
    }
  }

  /** Tells every chat server that we stop. */
  public void close() {
    thread.run(() -> links.close(GOING_AWAY, "the server stops"));
  }

  private void onRequest(RoutingContext context) {
    HttpServerRequest request = context.request();
    ChatServer chatServer = chatServer(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (chatServer == null) { // as any page in a browser: it cannot set this header
      counters.count("token");
      refuse(context, 401, "INVALID_TOKEN");
    } else if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      refuse(context, 422, "INVALID_DATA");
    } else {
      String address = base.apply(request);
      request
          .toWebSocket()
          .onSuccess(ws -> onSocket(ws, chatServer, address))
          .onFailure(e -> log.debug("no WebSocket: {}", e.toString()));
    }
  }

  private static void refuse(RoutingContext context, int status, String error) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
        .end("{\"ok\":false,\"error\":\"" + error + "\"}");
  }

  /** Whose token it is; it takes as long whichever it is. */
  private @Nullable ChatServer chatServer(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return null;
    }
    byte[] told = hash(authorization.substring(BEARER.length()).strip());
    ChatServer found = null;
    for (ChatServer each : settings.chatServers()) {
      if (MessageDigest.isEqual(told, hash(each.token()))) {
        found = each;
      }
    }
    return found;
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void onSocket(ServerWebSocket ws, ChatServer chatServer, String address) {
    var socket = new LinkSocket(vertx, ws, thread, counters);
    connected.incrementAndGet();
    socket.begin(
        vertx,
        settings.ping(),
        (from, text) -> onText(from, text, chatServer, address),
        () -> onGone(socket));
    thread.after(
        HELLO_MS,
        () -> {
          if (socket.link() == null) {
            socket.close(POLICY, "no hello");
          }
        });
  }

  private void onGone(LinkSocket socket) {
    connected.decrementAndGet();
    ChatLink link = socket.link();
    if (link != null) {
      link.detach(socket, settings.resume().toMillis());
    }
  }

  private void onText(LinkSocket from, String text, ChatServer chatServer, String address) {
    FromChat message = codec.decode(text);
    ChatLink link = from.link();
    if (link != null) {
      link.onMessage(from, message, System.nanoTime());
      return;
    }
    if (!(message instanceof Hello hello)) {
      counters.count("no_hello");
      from.close(Connection.BAD_MESSAGE, "a connection begins with hello");
      return;
    }
    ChatLink begun = links.onHello(from, chatServer, hello, address);
    if (begun == null) {
      from.close(TRY_LATER, "at most " + Links.MOST_OF_ONE + " instances of one chat server");
    } else {
      from.link(begun);
    }
  }

  /** One event loop of Vert.x. */
  private record VertxLoop(Vertx vertx, Context context) implements LinkLoop {
    VertxLoop(Vertx vertx) {
      this(vertx, vertx.getOrCreateContext());
    }

    @Override
    public void run(Runnable step) {
      try {
        context.runOnContext(v -> step.run());
      } catch (RejectedExecutionException e) {
        log.trace("the server has stopped");
      }
    }

    @Override
    public void after(long delayMs, Runnable step) {
      try {
        vertx.setTimer(delayMs, t -> run(step));
      } catch (RejectedExecutionException e) {
        log.trace("the server has stopped");
      }
    }
  }
}
