package parley.signalling.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.signalling.server.ClientAddress;
import parley.signalling.server.FrontDoor;
import parley.signalling.session.CallLoop;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.TeamId;

/**
 * The door of a chat server that knows nothing of us: what comes to it goes on to the chat server,
 * but for calls. All its parts, and which of them answers what.
 */
public final class Gateway implements FrontDoor {

  /** Our own HTTP API, the page for recordings, and the operator's page; no chat's. */
  private static final List<String> OWN = List.of("/parley/", "/operate/");

  /** Most chat servers have one. */
  private static final int MOST_TEAMS_ASKED = 3;

  private static final Pattern MESSAGING = Pattern.compile("/messaging/([^/]+)/?");

  /** A UUID; what else there is of it is the chat server's to know. */
  private static final Pattern TEAM = Pattern.compile("/api/v4/teams/([0-9a-fA-F-]{36})/?");

  /** What members ask of a chat's recording and of their connection to a call, which is ours. */
  private static final Pattern ABOUT_CALLS =
      Pattern.compile(
          "/api/v4/teams/[0-9a-fA-F-]{36}/(chats/[^/]+/recording|calls/[^/]+/connection)");

  private static final byte[] PONG =
      "{\"ok\":true,\"result\":\"pong\"}".getBytes(StandardCharsets.UTF_8);

  private final GatewaySettings settings;
  private final CallLoop loop;
  private final EventCodec codec;
  private final MeterRegistry metrics;
  private final LearnedTeams teams;
  private final Upstream upstream;
  private final UpstreamWatch watch;
  private final Introductions introductions;
  private final KnownPeople people;
  private final HttpProxy proxy;
  private final FeaturesAnswer features;
  private final SocketDoor sockets;

  private Gateway(
      GatewaySettings settings,
      LearnedTeams teams,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics,
      Vertx vertx,
      BiFunction<HttpServerRequest, Boolean, ObjectNode> ourFeatures) {
    this.settings = settings;
    this.teams = teams;
    this.loop = loop;
    this.codec = codec;
    this.metrics = metrics;
    this.upstream = new Upstream(vertx, settings.upstream());
    this.watch = new UpstreamWatch(vertx, upstream);
    this.introductions = new Introductions(vertx, upstream, teams);
    this.people = new KnownPeople(settings.remember());
    this.proxy = new HttpProxy(upstream, settings.keepHost());
    this.features = new FeaturesAnswer(this, ourFeatures);
    this.sockets = new SocketDoor(vertx, this);
  }

  /**
   * How to make it.
   *
   * @param teams what it learns; closed by whoever made it
   */
  public static FrontDoor.Maker maker(
      GatewaySettings settings,
      LearnedTeams teams,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics) {
    return (vertx, features) -> new Gateway(settings, teams, loop, codec, metrics, vertx, features);
  }

  @Override
  public boolean takes(HttpServerRequest request) {
    String path = request.path();
    return path == null
        || (OWN.stream().noneMatch(path::startsWith) && !ABOUT_CALLS.matcher(path).matches());
  }

  /**
   * The chat server is asked each time. While it is away, those whom it let in lately are who they
   * were, as for sockets.
   */
  @Override
  public CompletableFuture<Sender> sender(HttpServerRequest request, TeamId team) {
    Credentials credentials = Credentials.of(request.headers());
    if (credentials.isEmpty()) {
      return CompletableFuture.completedFuture(new Sender.Unknown());
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (credentials.isCookieOnly()
        && !ClientAddress.of(request).trusts(origin, settings.allowedOrigins())) {
      return CompletableFuture.completedFuture(new Sender.Foreign());
    }
    return introductions
        .whoIs(team, credentials)
        .<Sender>map(jid -> jid == null ? new Sender.Unknown() : new Sender.Known(jid))
        .otherwise(
            away -> {
              KnownPeople.Known known = known(team, credentials);
              return known == null ? new Sender.Undecided() : new Sender.Known(known.jid());
            })
        .toCompletionStage()
        .toCompletableFuture();
  }

  @Override
  public void onRequest(HttpServerRequest request) {
    if (!request.uri().startsWith("/")) {
      // A proxy for other servers is what this is not (RFC 9112 §3.2.2).
      HttpProxy.refuse(request);
      return;
    }
    String path = request.path() == null ? "" : request.path();
    Matcher messaging = MESSAGING.matcher(path);
    boolean isGet = HttpMethod.GET.equals(request.method());
    if (isGet && messaging.matches() && Handshake.isWebSocket(request)) {
      sockets.onRequest(request, TeamId.tryParse(messaging.group(1)));
    } else if (isGet && Handshake.isWebSocket(request)) {
      sockets.onOther(request);
    } else if (isGet && path.equals("/features.json")) {
      features.onRequest(request);
    } else if (isGet) {
      proxy.pass(request, stale(request, path));
    } else {
      proxy.pass(request, () -> null);
    }
  }

  /**
   * What a client asks for before it opens a socket: as it was before the chat server went away, so
   * that those who are in calls come back.
   */
  private Supplier<byte @Nullable []> stale(HttpServerRequest request, String path) {
    Matcher one = TEAM.matcher(path);
    return () -> {
      if (path.equals("/api/v4/ping") && loop.calls() > 0) {
        return PONG;
      }
      TeamId team = one.matches() ? TeamId.tryParse(one.group(1)) : null;
      KnownPeople.Known known =
          team == null ? null : known(team, Credentials.of(request.headers()));
      return known == null ? null : known.team();
    };
  }

  @Override
  public void close() {
    sockets.close();
  }

  // --- whom the chat server knew

  KnownPeople.@Nullable Known known(TeamId team, Credentials credentials) {
    return credentials.isEmpty() ? null : people.get(credentials.hash(team), System.nanoTime());
  }

  /**
   * Whether somebody has signed in at the chat server, in one of the teams that are known here. A
   * request that names no team can be asked about no better.
   */
  Future<Boolean> isSignedIn(Credentials credentials) {
    if (credentials.isEmpty()) {
      return Future.succeededFuture(false);
    }
    Future<Boolean> asked = Future.succeededFuture(false);
    for (TeamId team : teams.uids(MOST_TEAMS_ASKED)) {
      asked =
          asked.compose(
              yes ->
                  yes || known(team, credentials) != null
                      ? Future.succeededFuture(true)
                      : introductions.isKnown(team, credentials));
    }
    return asked;
  }

  /** By what he brought for the socket, and by what the chat server's HTTP API knew him. */
  void remember(TeamId team, Visitor visitor, Introductions.Introduced introduced) {
    long nowNs = System.nanoTime();
    for (Credentials each : new Credentials[] {visitor.credentials(), introduced.credentials()}) {
      people.add(
          each.hash(team),
          introduced.jid(),
          visitor.subprotocol(),
          visitor.origin(),
          introduced.team(),
          nowNs);
    }
  }

  void forget(TeamId team, Visitor visitor) {
    people.remove(visitor.credentials().hash(team));
    visitor.credentials().forAsking().forEach(each -> people.remove(each.hash(team)));
  }

  // --- parts

  GatewaySettings settings() {
    return settings;
  }

  CallLoop loop() {
    return loop;
  }

  EventCodec codec() {
    return codec;
  }

  MeterRegistry metrics() {
    return metrics;
  }

  LearnedTeams teams() {
    return teams;
  }

  Upstream upstream() {
    return upstream;
  }

  UpstreamWatch watch() {
    return watch;
  }

  Introductions introductions() {
    return introductions;
  }
}
