package parley.signalling.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.call.Device;
import parley.signalling.call.SessionId;
import parley.signalling.server.ClientAddress;
import parley.signalling.server.Subprotocols;
import parley.signalling.wire.TeamId;

/**
 * Opens sockets: the chat server decides who may have one, as ever. While it is away, people whom
 * it let in before may come back.
 */
final class SocketDoor {

  private static final Logger log = LoggerFactory.getLogger(SocketDoor.class);

  private static final int SWITCHING = 101;
  private static final int GOING_AWAY = 1001;
  private static final int POLICY = 1008;
  private static final int SERVICE_RESTART = 1012;

  /** Shown to the other participants; no honest one is longer. */
  private static final int MAX_USERAGENT_CHARS = 256;

  private final Vertx vertx;
  private final Gateway gateway;
  private final Set<GatewaySocket> open = ConcurrentHashMap.newKeySet();

  SocketDoor(Vertx vertx, Gateway gateway) {
    this.vertx = vertx;
    this.gateway = gateway;
  }

  /**
   * A client asks for a chat's socket.
   *
   * @param team null: the address names none
   */
  void onRequest(HttpServerRequest request, @Nullable TeamId team) {
    request.pause();
    Visitor visitor = visitor(request, team);
    connect(visitor)
        .onSuccess(
            answer -> {
              if (answer.statusCode() == SWITCHING) {
                join(request, visitor.speaking(subprotocol(answer)), answer);
              } else if (!Upstream.isAway(answer.statusCode()) || !openAlone(request, visitor)) {
                HttpProxy.answer(request, answer);
              } else {
                Upstream.drop(answer);
              }
            })
        .onFailure(
            e -> {
              log.debug("the chat server cannot be reached: {}", e.toString());
              if (!openAlone(request, visitor)) {
                request.resume();
                HttpProxy.unavailable(request);
              }
            });
  }

  /** A client asks for a socket that is none of a chat's: nothing in it is for us. */
  void onOther(HttpServerRequest request) {
    request.pause();
    MultiMap headers = Forwarding.request(request, gateway.settings().keepHost());
    upgrade(headers);
    connect(request.uri(), headers)
        .onSuccess(
            answer -> {
              if (answer.statusCode() != SWITCHING) {
                HttpProxy.answer(request, answer);
                return;
              }
              NetSocket upstream = answer.netSocket();
              upstream.pause();
              accept(request, answer)
                  .onSuccess(
                      client -> {
                        client.pipeTo(upstream);
                        upstream.pipeTo(client);
                      })
                  .onFailure(e -> upstream.close());
            })
        .onFailure(
            e -> {
              request.resume();
              HttpProxy.unavailable(request);
            });
  }

  /** Tells every client that the server stops. */
  void close() {
    open.forEach(
        socket -> socket.context().runOnContext(v -> socket.shut(GOING_AWAY, "the server stops")));
  }

  private Visitor visitor(HttpServerRequest request, @Nullable TeamId team) {
    MultiMap headers = Forwarding.request(request, gateway.settings().keepHost());
    upgrade(headers);
    // Nobody can read what is compressed with what both ends have said before, nor take anything
    // out of it.
    headers.remove("Sec-WebSocket-Extensions");
    String useragent = Objects.requireNonNullElse(request.getHeader(HttpHeaders.USER_AGENT), "");
    var device =
        new Device(
            new SessionId(UUID.randomUUID().toString()),
            useragent.length() > MAX_USERAGENT_CHARS
                ? useragent.substring(0, MAX_USERAGENT_CHARS)
                : useragent,
            Subprotocols.of(request.getHeader("sec-websocket-protocol")).instance());
    return new Visitor(
        team,
        device,
        ClientAddress.of(request).base(),
        request.uri(),
        headers,
        Credentials.of(request.headers()),
        null);
  }

  private static void upgrade(MultiMap headers) {
    headers.set(HttpHeaders.CONNECTION, "Upgrade");
    headers.set(HttpHeaders.UPGRADE, "websocket");
  }

  private Future<HttpClientResponse> connect(Visitor visitor) {
    return connect(visitor.uri(), visitor.headers());
  }

  private Future<HttpClientResponse> connect(String uri, MultiMap headers) {
    return gateway
        .upstream()
        .socket(uri)
        .compose(
            request -> {
              request.exceptionHandler(e -> log.debug("to the chat server: {}", e.toString()));
              request.headers().setAll(headers);
              return request.connect();
            });
  }

  private static @Nullable String subprotocol(HttpClientResponse answer) {
    return answer.getHeader("Sec-WebSocket-Protocol");
  }

  private static Future<NetSocket> accept(HttpServerRequest request, HttpClientResponse answer) {
    HttpServerResponse response = request.response();
    Forwarding.endToEnd(answer.headers(), response.headers());
    upgrade(response.headers());
    return toSocket(request);
  }

  private static Future<NetSocket> toSocket(HttpServerRequest request) {
    return request.toNetSocket().onSuccess(NetSocket::pause).onSuccess(v -> request.resume());
  }

  private void join(HttpServerRequest request, Visitor visitor, HttpClientResponse answer) {
    NetSocket upstream = answer.netSocket();
    upstream.pause();
    accept(request, answer)
        .onSuccess(client -> begin(visitor, client, upstream))
        .onFailure(
            e -> {
              log.debug("{}: no socket: {}", visitor.shortForm(), e.toString());
              upstream.close();
            });
  }

  private GatewaySocket begin(Visitor visitor, NetSocket client, @Nullable NetSocket upstream) {
    var gone = new Runnable[1];
    var socket =
        new GatewaySocket(
            gateway, vertx.getOrCreateContext(), visitor, client, upstream, () -> gone[0].run());
    gone[0] = () -> open.remove(socket);
    open.add(socket);
    socket.begin();
    return socket;
  }

  // --- while the chat server is away

  /** Whether this is somebody whom it let in before; then he is let in now. */
  private boolean openAlone(HttpServerRequest request, Visitor visitor) {
    TeamId team = visitor.team();
    KnownPeople.Known known = team == null ? null : gateway.known(team, visitor.credentials());
    String accept = Handshake.accept(request.headers());
    if (team == null || known == null || accept == null || isForeign(request, visitor, known)) {
      return false;
    }
    String subprotocol = known.subprotocol();
    HttpServerResponse response = request.response();
    upgrade(response.headers());
    response.putHeader("Sec-WebSocket-Accept", accept);
    if (subprotocol != null && Handshake.offers(request.headers(), subprotocol)) {
      response.putHeader("Sec-WebSocket-Protocol", subprotocol);
    }
    toSocket(request)
        .onSuccess(
            client -> {
              GatewaySocket socket = begin(visitor.speaking(subprotocol), client, null);
              socket.who().openKnown(team, known.jid());
              joinWhenBack(socket);
            });
    return true;
  }

  /** A browser adds a cookie whichever page asks, and the chat server cannot say what it thinks. */
  private boolean isForeign(HttpServerRequest request, Visitor visitor, KnownPeople.Known known) {
    String origin = visitor.origin();
    return visitor.credentials().isCookieOnly()
        && !Objects.equals(origin, known.origin())
        && !ClientAddress.of(request).trusts(origin, gateway.settings().allowedOrigins());
  }

  private void joinWhenBack(GatewaySocket socket) {
    Context context = socket.context();
    gateway.watch().whenBack(() -> context.runOnContext(v -> join(socket)));
  }

  private void join(GatewaySocket socket) {
    if (!socket.isAlone()) {
      return;
    }
    connect(socket.visitor())
        .onSuccess(
            answer -> {
              if (answer.statusCode() == SWITCHING) {
                join(socket, answer);
              } else {
                Upstream.drop(answer);
                if (Upstream.isAway(answer.statusCode())) {
                  joinWhenBack(socket);
                } else {
                  socket.shut(POLICY, "the chat server refuses: " + answer.statusCode());
                }
              }
            })
        .onFailure(e -> joinWhenBack(socket));
  }

  private static void join(GatewaySocket socket, HttpClientResponse answer) {
    NetSocket upstream = answer.netSocket();
    upstream.pause();
    if (Objects.equals(subprotocol(answer), socket.visitor().subprotocol())) {
      socket.join(upstream);
    } else {
      upstream.close();
      socket.shut(SERVICE_RESTART, "the chat server speaks differently now, come again");
    }
  }
}
