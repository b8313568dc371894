package parley.signalling.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.directory.Contact;
import parley.signalling.directory.Team;
import parley.signalling.directory.Teams;
import parley.signalling.session.Arrival;
import parley.signalling.session.CallLoop;
import parley.signalling.session.Reach;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.ServerEvent;

/** {@code /messaging/{team_uid}}: lets people in who have signed in, each on a socket of a team. */
final class MessagingDoor {

  private static final Logger log = LoggerFactory.getLogger(MessagingDoor.class);

  private static final short POLICY = 1008;
  private static final short TRY_LATER = 1013;

  /** Shown to the other participants; no honest one is longer. */
  private static final int MAX_USERAGENT_CHARS = 256;

  private final Vertx vertx;
  private final ServerSettings settings;
  private final Teams teams;
  private final Authenticator authenticator;
  private final CallLoop loop;
  private final EventCodec codec;
  private final MeterRegistry metrics;
  private final Set<ClientSocket> open = ConcurrentHashMap.newKeySet();

  MessagingDoor(
      Vertx vertx,
      ServerSettings settings,
      Teams teams,
      Authenticator authenticator,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics) {
    this.vertx = vertx;
    this.settings = settings;
    this.teams = teams;
    this.authenticator = authenticator;
    this.loop = loop;
    this.codec = codec;
    this.metrics = metrics;
    SocketFault.register(metrics);
  }

  void onRequest(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      ApiDoor.refuse(context, ApiError.INVALID_DATA);
      return;
    }
    CompletableFuture<Authenticator.Outcome> asked = authenticator.authenticate(request);
    if (asked.isDone() && !asked.isCompletedExceptionally()) {
      onOutcome(context, asked.resultNow());
      return;
    }
    request.pause(); // what follows the headers waits until it is known whether there is a socket
    ApiDoor.whenDone(context, asked, outcome -> onOutcome(context, outcome));
  }

  private void onOutcome(RoutingContext context, Authenticator.Outcome outcome) {
    HttpServerRequest request = context.request();
    ClientAddress address = ClientAddress.of(request);
    switch (outcome) {
      case Authenticator.Outcome.Refused refused -> {
        request.resume();
        ApiDoor.refuse(context, refused.error());
      }
      case Authenticator.Outcome.Known known -> {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (isForeign(origin, known.byCookie(), address)) {
          request.resume();
          ApiDoor.refuse(context, ApiError.ACCESS_DENIED);
          return;
        }
        request.pause(); // the team may have to be asked for as well
        ApiDoor.whenFound(
            context,
            teams,
            known.account(),
            (team, contact) -> {
              var cut = new TransportCut(request.connection());
              Future<ServerWebSocket> upgraded = request.toWebSocket();
              request.resume();
              upgraded.onSuccess(ws -> onSocket(ws, cut, team, contact, address));
              upgraded.onFailure(e -> log.debug("no WebSocket: {}", e.toString()));
            });
      }
    }
  }

  /**
   * Whether the request comes from a page that must not act here. A browser adds a cookie whichever
   * page asks; and a token is no secret when it is the demo's: any page that is open on this
   * machine could use it.
   */
  private boolean isForeign(@Nullable String origin, boolean byCookie, ClientAddress address) {
    if (address.trusts(origin, settings.allowedOrigins())) {
      return false;
    }
    return byCookie || (settings.demoToLoopbackOnly() && !ClientAddress.isLoopback(origin));
  }

  /** Tells every client that the server stops. */
  void close() {
    open.forEach(ClientSocket::goAway);
  }

  private void onSocket(
      ServerWebSocket ws,
      TransportCut cut,
      @Nullable Team team,
      @Nullable Contact contact,
      ClientAddress address) {
    if (team == null || contact == null) {
      // The same for a team that does not exist and for one that is not this person's.
      ws.writeTextMessage(codec.encode(new ServerEvent.Panic("INVALID_TEAM", "")));
      ws.close(POLICY, "INVALID_TEAM");
      return;
    }
    var session = new SessionId(UUID.randomUUID().toString());
    String instance = Subprotocols.of(ws.headers().get("sec-websocket-protocol")).instance();
    String useragent = useragent(ws.headers().get(HttpHeaders.USER_AGENT));
    var device = new Device(session, useragent, instance);
    var socket = new ClientSocket(vertx, ws, cut, session, codec, loop, metrics, System.nanoTime());
    Runnable watch = teams.watch(team.uid());
    socket.begin(
        settings.ping(),
        () -> {
          open.remove(socket);
          watch.run();
        });
    open.add(socket);
    var arrival =
        new Arrival(team, contact.jid(), device, address.base(), socket, Reach.EVERYTHING);
    if (!loop.opened(arrival)) {
      socket.close(TRY_LATER, "the server is too busy");
    }
  }

  private static String useragent(@Nullable String header) {
    if (header == null) {
      return "";
    }
    return header.length() > MAX_USERAGENT_CHARS
        ? header.substring(0, MAX_USERAGENT_CHARS)
        : header;
  }
}
