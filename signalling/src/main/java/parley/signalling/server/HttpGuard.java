package parley.signalling.server;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** What holds for every request: who may come, which other origins may ask, what pages may do. */
final class HttpGuard {

  /** What proxies add: whoever comes through one need not be on this machine. */
  private static final List<String> OF_PROXIES =
      List.of("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip");

  static final int TOO_MANY_REQUESTS = 429;

  private final ServerSettings settings;
  private final RequestLimits limits;

  HttpGuard(ServerSettings settings, RequestLimits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  void onRequest(RoutingContext context) {
    ClientAddress address = ClientAddress.of(context.request());
    secure(context.response().headers(), address);
    if (settings.demoToLoopbackOnly() && (!address.isLoopback() || isByProxy(context))) {
      // A name of somebody else's that leads here (DNS rebinding) would open the demo to its pages,
      // a proxy on this machine to the network.
      ApiDoor.refuse(context, ApiError.ACCESS_DENIED);
      return;
    }
    String origin = context.request().getHeader(HttpHeaders.ORIGIN);
    if (origin != null && settings.allowedOrigins().contains(origin)) {
      allow(context.response().headers(), origin);
    }
    if (!limits.admits(limits.network(context.request()))) {
      context.response().putHeader("Retry-After", ApiDoor.RETRY_AFTER_S);
      context.fail(TOO_MANY_REQUESTS); // each API says so in its own words
      return;
    }
    if (!settings.sockets() && isForSockets(context.normalizedPath())) {
      ApiDoor.refuse(context, ApiError.UNAVAILABLE); // a node with the role for it takes them
      return;
    }
    boolean preflight = HttpMethod.OPTIONS.equals(context.request().method());
    if (preflight && origin != null && settings.allowedOrigins().contains(origin)) {
      context.response().setStatusCode(204).end();
      return;
    }
    context.next();
  }

  private static boolean isForSockets(String path) {
    return path.startsWith("/messaging/") || path.startsWith("/link/");
  }

  private static boolean isByProxy(RoutingContext context) {
    MultiMap headers = context.request().headers();
    return OF_PROXIES.stream().anyMatch(headers::contains);
  }

  private static void secure(MultiMap headers, ClientAddress address) {
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()");
    headers.set(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; media-src 'self' blob: data:; "
            + "connect-src 'self' ws://"
            + address.authority()
            + " wss://"
            + address.authority()
            + "; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  }

  private static void allow(MultiMap headers, String origin) {
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "token, authorization, content-type");
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
    headers.set(HttpHeaders.VARY, "Origin");
  }
}
