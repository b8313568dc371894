package parley.signalling.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.WebBehind;
import parley.signalling.access.TokenCheck;
import parley.signalling.directory.DemoTeam;
import parley.signalling.directory.TeamChanges;
import parley.signalling.directory.Teams;
import parley.signalling.link.LinkDoor;
import parley.signalling.link.LinkSettings;
import parley.signalling.servers.OperatorDoor;
import parley.signalling.servers.ServersDoor;
import parley.signalling.servers.Services;
import parley.signalling.servers.WatchDoor;
import parley.signalling.session.CallLoop;
import parley.signalling.wire.EventCodec;

/** The server that clients reach: WebSockets, HTTP API, pages, on one port. */
public final class HttpDoor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpDoor.class);

  /**
   * Larger frames end the connection (1009); those between this and what an event may hold are read
   * and thrown away, and the socket stays open.
   */
  private static final int MAX_FRAME_BYTES = 2 << 20;

  /** A long token, once more in Base64 as a subprotocol, beside cookies of the chat's. */
  private static final int MAX_HEADERS_BYTES = 16 << 10;

  /** JSON and a few pages: one thread is enough, a second keeps a slow client from others. */
  private static final int EVENT_LOOPS = 2;

  /** A request that takes longer than this to arrive is an attack; sockets are pinged. */
  private static final int IDLE_TIMEOUT_S = 60;

  private static final String LOOPBACK = "127.0.0.1";

  private static final Duration STOP = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final HttpServer server;
  private final MessagingDoor messaging;
  private final LinkDoor link;
  private final @Nullable FrontDoor front;
  private final Handler<HttpServerRequest> requests;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpDoor(
      Vertx vertx,
      HttpServer server,
      MessagingDoor messaging,
      LinkDoor link,
      @Nullable FrontDoor front,
      Handler<HttpServerRequest> requests) {
    this.requests = requests;
    this.vertx = vertx;
    this.server = server;
    this.messaging = messaging;
    this.link = link;
    this.front = front;
  }

  /**
   * Starts to listen.
   *
   * @param teams closed by whoever made it
   * @param changes where the chat server says that a team changed; null: nowhere
   * @param tokens says whose a token is; closed by whoever made it
   * @param services the API for servers
   * @param demo null: there is no signing in by a click
   * @param link which chat servers may link
   * @throws IOException with a sentence that says why this host and port cannot be had
   */
  public static HttpDoor open(
      ServerSettings settings,
      Teams teams,
      @Nullable TeamChanges changes,
      TokenCheck tokens,
      Services services,
      @Nullable DemoTeam demo,
      LinkSettings link,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics)
      throws IOException, InterruptedException {
    return open(settings, teams, changes, tokens, services, demo, link, loop, codec, metrics, null);
  }

  /**
   * Starts to listen, behind something that stands before all this.
   *
   * @param maker null: there is no such thing
   */
  public static HttpDoor open(
      ServerSettings settings,
      Teams teams,
      @Nullable TeamChanges changes,
      TokenCheck tokens,
      Services services,
      @Nullable DemoTeam demo,
      LinkSettings link,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics,
      FrontDoor.@Nullable Maker maker)
      throws IOException, InterruptedException {
    Vertx vertx = vertx();
    var logins = new LoginSessions();
    var limits = new RequestLimits(settings.limits(), metrics);
    var authenticator = new Authenticator(tokens, logins, limits, metrics);
    var messaging = new MessagingDoor(vertx, settings, teams, authenticator, loop, codec, metrics);
    var demoDoor = demo == null ? null : new DemoDoor(settings, demo, logins);
    var linkDoor =
        new LinkDoor(
            vertx, link, teams, loop, codec, metrics, request -> ClientAddress.of(request).base());
    var features = new OwnFeatures(settings, teams);
    FrontDoor front =
        maker == null
            ? null
            : maker.make(
                vertx,
                // Who he is, only the chat server knows: quotas of TURN are then for each sign-in.
                (request, signedIn) ->
                    ApiDoor.JSON.valueToTree(
                        features.of(request, signedIn ? UUID.randomUUID().toString() : null)));
    SignIn signIn =
        front == null ? (request, _) -> authenticator.authenticate(request) : SignIn.by(front);
    var api = new ApiDoor(settings, teams, features, signIn, loop::fromServer, services.accesses());
    Router router =
        router(
            vertx,
            new HttpGuard(settings, limits),
            messaging,
            api,
            changes == null ? null : new ChangesDoor(changes, limits),
            new WatchDoor(services),
            operator(settings, services, loop),
            services.isEmpty() ? null : servers(settings, teams, services, loop),
            further(settings, services),
            demoDoor,
            linkDoor,
            new WebPages(teams));
    Handler<HttpServerRequest> requests = handler(front, router);
    HttpServer server = vertx.createHttpServer(options(front)).requestHandler(requests);
    try {
      await(server.listen(settings.port(), settings.host()));
      return new HttpDoor(vertx, server, messaging, linkDoor, front, requests);
    } catch (IOException e) {
      vertx.close();
      throw new IOException(sentence(settings, e), e);
    }
  }

  static ServersDoor servers(
      ServerSettings settings, Teams teams, Services services, CallLoop loop) {
    return new ServersDoor(
        teams,
        services,
        loop::fromServer,
        request -> ClientAddress.of(request).base(),
        (request, contact) ->
            settings
                .features()
                .iceServersFor(
                    ClientAddress.of(request).host(),
                    contact.toString(),
                    request.getParam("region")),
        request -> ClientNetwork.shown(request, settings.limits().trustedProxies()));
  }

  /** Doors that others made, each to be mounted. */
  private static Consumer<Router> further(ServerSettings settings, Services services) {
    return router ->
        services
            .doors()
            .forEach(
                door ->
                    door.mount(
                        router,
                        request -> ClientNetwork.shown(request, settings.limits().trustedProxies()),
                        (request, origin) -> ClientAddress.of(request).trusts(origin, List.of())));
  }

  static OperatorDoor operator(ServerSettings settings, Services services, CallLoop loop) {
    return new OperatorDoor(
        services,
        loop::fromServer,
        request -> ClientAddress.of(request).base(),
        request -> ClientNetwork.shown(request, settings.limits().trustedProxies()));
  }

  private static Handler<HttpServerRequest> handler(@Nullable FrontDoor front, Router router) {
    if (front == null) {
      return router;
    }
    return request -> {
      if (front.takes(request)) {
        front.onRequest(request);
      } else {
        router.handle(request);
      }
    };
  }

  /** Every address there is; {@code openapi.yaml} describes them. */
  static Router router(
      Vertx vertx,
      HttpGuard guard,
      MessagingDoor messaging,
      ApiDoor api,
      @Nullable ChangesDoor changes,
      WatchDoor watch,
      OperatorDoor operator,
      @Nullable ServersDoor servers,
      Consumer<Router> further,
      @Nullable DemoDoor demo,
      LinkDoor link,
      WebPages pages) {
    Router router = Router.router(vertx);
    router.route().handler(guard::onRequest);
    router.get("/messaging/:team").handler(messaging::onRequest);
    api.mount(router);
    if (changes != null) {
      changes.mount(router);
    }
    pages.mountBelow(router);
    further.accept(router); // like the line above, before what answers for all of /parley
    watch.mount(router);
    operator.mount(router);
    if (servers != null) {
      servers.mount(router);
    }
    if (demo != null) {
      demo.mount(router);
    }
    link.mount(router);
    pages.mount(router);
    router.errorHandler(404, context -> ApiDoor.refuse(context, ApiError.NOT_FOUND));
    router.errorHandler(405, context -> ApiDoor.refuse(context, ApiError.NOT_FOUND));
    router.errorHandler(
        HttpGuard.TOO_MANY_REQUESTS, context -> ApiDoor.refuse(context, ApiError.RATE_LIMIT));
    router.errorHandler(413, context -> ApiDoor.refuse(context, ApiError.INVALID_DATA));
    router.errorHandler(400, context -> ApiDoor.refuse(context, ApiError.INVALID_DATA));
    router.errorHandler(500, HttpDoor::onDefect);
    return router;
  }

  /**
   * Everything once more, for clients of a TLS port of this process.
   *
   * @throws IOException when no port of this machine is to be had
   */
  public WebBehind behindTls() throws IOException, InterruptedException {
    TlsClients clients = new TlsClients(requests);
    HttpServer behind = vertx.createHttpServer(options(front)).requestHandler(clients);
    await(behind.listen(0, LOOPBACK));
    clients.listensAt(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), behind.actualPort()));
    return clients;
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Tells every client to go, and stops listening. */
  @Override
  public void close() throws InterruptedException {
    if (closed.getAndSet(true)) {
      return;
    }
    messaging.close();
    link.close();
    if (front != null) {
      front.close();
    }
    try {
      await(server.close());
      await(vertx.close());
    } catch (IOException e) {
      log.warn("the server did not close in order: {}", e.toString());
    }
  }

  private static Vertx vertx() {
    // No copies of classpath files on disk, no threads that wait for blocking work.
    var files =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(EVENT_LOOPS)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(files));
  }

  private static HttpServerOptions options(@Nullable FrontDoor front) {
    var options = new HttpServerOptions();
    options.setIdleTimeout(IDLE_TIMEOUT_S).setIdleTimeoutUnit(TimeUnit.SECONDS);
    options.setHttp2ClearTextEnabled(false);
    options.setMaxHeaderSize(MAX_HEADERS_BYTES);
    if (front != null) {
      options.setMaxHeaderSize(FrontDoor.MAX_HEADER_BYTES);
      options.setMaxInitialLineLength(FrontDoor.MAX_LINE_BYTES);
      options.setIdleTimeout(FrontDoor.IDLE_TIMEOUT_S);
    }
    options.setMaxWebSocketFrameSize(MAX_FRAME_BYTES);
    options.setMaxWebSocketMessageSize(MAX_FRAME_BYTES);
    // Some 300 KB of memory a socket for texts of a few KB: not worth it.
    options.setPerMessageWebSocketCompressionSupported(false);
    options.setPerFrameWebSocketCompressionSupported(false);
    // The first of what the client offers: a browser insists on one of its own.
    options.addWebSocketSubProtocol("*");
    return options;
  }

  private static void onDefect(RoutingContext context) {
    log.error("a defect while answering {}", context.request().path(), context.failure());
    ApiDoor.refuse(context, ApiError.INTERNAL_ERROR);
  }

  private static String sentence(ServerSettings settings, IOException e) {
    String where = settings.host() + " port " + settings.port();
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
      return where
          + " is in use by another process; end that one, or choose another http.port"
          + " (PARLEY_HTTP_PORT)";
    }
    return "cannot listen on " + where + ": " + cause.getMessage();
  }

  private static <T> T await(Future<T> future) throws IOException, InterruptedException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    }
  }
}
