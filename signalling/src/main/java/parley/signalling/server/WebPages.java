package parley.signalling.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Icon;
import parley.signalling.directory.Teams;

/** Files of the classpath's {@code web} folder, descriptions of the protocol, and icons. */
final class WebPages {

  /**
   * No dot at the start of a name, so neither {@code ..} nor a hidden file. Possessive, because
   * otherwise the matcher keeps a stack frame for each of the thousands of names a path may have.
   */
  private static final Pattern PATH =
      Pattern.compile("/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*+/)*+(?:[A-Za-z0-9_-][A-Za-z0-9._-]*+)?");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json; charset=utf-8"),
          Map.entry("webmanifest", "application/manifest+json; charset=utf-8"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  /** The media type that JSON Schema has asked for (its core specification, §14). */
  private static final String SCHEMA = "application/schema+json";

  /** Where pages lie on the classpath; descriptions lie at its root. */
  private static final String PAGES = "/web";

  private static final List<String> DESCRIPTIONS =
      List.of(
          "/asyncapi.yaml",
          "/asyncapi-link.yaml",
          "/openapi.yaml",
          "/openapi/directory-callback.yaml",
          "/openapi/recordings.yaml",
          "/schema/:name");

  /** Where a gateway has paths of its own: all others are the chat server's. */
  private static final String BELOW = "/parley";

  /** The page for recordings, and what it and the demo page have in common. */
  private static final List<String> ALSO_BELOW =
      List.of("/recordings/*", "/page/*", "/style/*", "/icon.svg");

  private record Page(Buffer content, String type, String etag) {}

  private final Teams teams;

  /** Only of files that are there, so no larger than the folder. */
  private final Map<String, Page> pages = new ConcurrentHashMap<>();

  WebPages(Teams teams) {
    this.teams = teams;
  }

  void mount(Router router) {
    router.get("/icons/:name").handler(this::icon);
    router.head("/icons/:name").handler(this::icon);
    for (String description : DESCRIPTIONS) {
      router.get(description).handler(this::description);
      router.head(description).handler(this::description);
    }
    router.get().handler(context -> page(context, context.normalizedPath()));
    router.head().handler(context -> page(context, context.normalizedPath()));
  }

  /** The page for recordings once more, where a gateway leaves room for it. */
  void mountBelow(Router router) {
    for (String path : ALSO_BELOW) {
      router.route(BELOW + path).handler(this::pageBelow);
    }
  }

  private void pageBelow(RoutingContext context) {
    HttpMethod method = context.request().method();
    if (!HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method)) {
      context.next();
      return;
    }
    page(context, context.normalizedPath().substring(BELOW.length()));
  }

  private void icon(RoutingContext context) {
    String file = context.pathParam("name");
    Icon icon = file == null ? null : teams.icon(file.replaceFirst("\\.svg$", ""));
    if (icon == null) {
      ApiDoor.refuse(context, ApiError.NOT_FOUND);
      return;
    }
    // Front ends on other origins show them as well.
    context.response().putHeader("Cross-Origin-Resource-Policy", "cross-origin");
    Buffer svg = Buffer.buffer(icon.svg());
    send(context, new Page(svg, "image/svg+xml", etag(svg)), "public, max-age=3600");
  }

  private void description(RoutingContext context) {
    Page page = find("", context.normalizedPath());
    if (page == null) {
      ApiDoor.refuse(context, ApiError.NOT_FOUND);
      return;
    }
    share(context);
    send(context, page, "no-cache");
  }

  /**
   * @param path in the folder of pages, with a slash at its beginning
   */
  private void page(RoutingContext context, String path) {
    Page page = find(PAGES, path);
    if (page == null && find(PAGES, path + "/") != null) {
      // Relative, for whoever serves us below a path of his own.
      String folder = path.substring(path.lastIndexOf('/') + 1) + "/";
      context.response().setStatusCode(308).putHeader(HttpHeaders.LOCATION, folder).end();
      return;
    }
    if (page == null) {
      ApiDoor.refuse(context, ApiError.NOT_FOUND);
      return;
    }
    if (path.startsWith("/parley-client")) {
      share(context);
    }
    send(context, page, "no-cache");
  }

  /** A chat's front end, or a viewer of documents, uses it from an origin of its own. */
  private static void share(RoutingContext context) {
    context.response().putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    context.response().putHeader("Cross-Origin-Resource-Policy", "cross-origin");
  }

  private static void send(RoutingContext context, Page page, String caching) {
    HttpServerResponse response = context.response();
    response.putHeader(HttpHeaders.ETAG, page.etag);
    response.putHeader(HttpHeaders.CACHE_CONTROL, caching);
    if (page.etag.equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, page.type);
    if (HttpMethod.HEAD.equals(context.request().method())) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(page.content.length()));
      response.end();
    } else {
      response.end(page.content);
    }
  }

  private @Nullable Page find(String folder, String path) {
    if (!PATH.matcher(path).matches()) {
      return null;
    }
    String name = path.endsWith("/") ? path + "index.html" : path;
    String type = name.startsWith("/schema/") ? SCHEMA : TYPES.get(ending(name));
    if (type == null) {
      return null;
    }
    Page known = pages.get(name);
    return known != null ? known : load(folder, name, type);
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private @Nullable Page load(String folder, String name, String type) {
    try (InputStream in = WebPages.class.getResourceAsStream(folder + name)) {
      if (in == null) {
        return null;
      }
      Buffer content = Buffer.buffer(in.readAllBytes());
      var page = new Page(content, type, etag(content));
      pages.put(name, page);
      return page;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String etag(Buffer content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
      return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
