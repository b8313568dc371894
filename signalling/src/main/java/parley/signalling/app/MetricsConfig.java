package parley.signalling.app;

import java.util.Map;
import parley.signalling.settings.Setting;

/** Where metrics go besides /metrics. */
record MetricsConfig(
    @Setting(
            value =
                "Where to push metrics by OTLP over HTTP, like http://collector:4318/v1/metrics;"
                    + " empty: nowhere",
            optional = true)
        String otlp,
    @Setting(
            value = "Authorization header to push with, like Bearer and a token",
            optional = true,
            secret = true)
        String otlpAuthorization,
    @Setting(value = "How often they are pushed", min = 1, max = 3_600) int otlpEveryS) {

  MetricsConfig {
    Otlp.check(otlp); // refuses what is wrong, with a sentence
  }

  static MetricsConfig defaults() {
    return new MetricsConfig("", "", 30);
  }

  Map<String, String> headers() {
    return Otlp.headers(otlpAuthorization);
  }

  @Override
  public String toString() {
    return "MetricsConfig[" + otlp + "]";
  }
}
