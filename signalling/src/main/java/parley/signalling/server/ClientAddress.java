package parley.signalling.server;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a client reached this server: the Host header, and behind a proxy that ends TLS the scheme it
 * tells of. What a client writes there only changes the addresses this very client is given.
 *
 * @param scheme http or https
 * @param authority host, and port if there is one
 * @param told whether the client said so; else it is this machine's own name, fit to be shown and
 *     for nothing else
 */
public record ClientAddress(String scheme, String authority, boolean told) {

  /** Nothing that could end a header or a JSON string gets through. */
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");

  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|[a-z0-9.-]+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1])");

  public static ClientAddress of(HttpServerRequest request) {
    String scheme =
        request.isSSL() || "https".equals(request.getHeader("x-forwarded-proto"))
            ? "https"
            : "http";
    String host = request.getHeader("host");
    if (host == null || !AUTHORITY.matcher(host).matches()) {
      return new ClientAddress(scheme, "localhost:" + request.localAddress().port(), false);
    }
    return new ClientAddress(scheme, host.toLowerCase(Locale.ROOT), true);
  }

  /** Scheme and authority without a slash at the end. */
  public String base() {
    return scheme + "://" + authority;
  }

  /** The host without its port; an IPv6 address stays in brackets. */
  public String host() {
    return authority.replaceFirst(":\\d{1,5}$", "");
  }

  /** Whether the client knows us by one of this machine's own names for itself. */
  boolean isLoopback() {
    return told && LOOPBACK.matcher(host()).matches();
  }

  /** Whether a page of this origin came from the browser's own machine. No origin: no browser. */
  static boolean isLoopback(@Nullable String origin) {
    try {
      String host = origin == null ? "localhost" : URI.create(origin).getHost();
      return host != null && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Whether a page of this origin may act for whoever is signed in in its browser: our own pages,
   * and those allowed. No origin: no browser.
   */
  public boolean trusts(@Nullable String origin, List<String> allowed) {
    if (origin == null || allowed.contains(origin)) {
      return true;
    }
    try {
      // The scheme is not compared: a proxy that ends TLS need not say so.
      return authority.equalsIgnoreCase(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
