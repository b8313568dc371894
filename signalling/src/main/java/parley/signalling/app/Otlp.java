package parley.signalling.app;

import java.net.URI;
import java.util.Map;

/** What is the same wherever something goes by OTLP (OpenTelemetry protocol) over HTTP. */
final class Otlp {

  private Otlp() {}

  /**
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  static void check(String url) {
    if (url.isEmpty()) {
      return;
    }
    URI uri = URI.create(url);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "\"" + url + "\" is no HTTP URL; right would be like http://collector:4318/v1/metrics");
    }
  }

  static Map<String, String> headers(String authorization) {
    return authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization);
  }
}
