package parley.signalling.app;

import java.util.Map;
import parley.signalling.settings.Setting;

/** Where traces of calls' set-up go. */
record TracingConfig(
    @Setting(
            value =
                "Where to send traces of calls' set-up by OTLP over HTTP, like"
                    + " http://collector:4318/v1/traces; empty: nowhere, and none are made",
            optional = true)
        String otlp,
    @Setting(
            value = "Authorization header to send them with, like Bearer and a token",
            optional = true,
            secret = true)
        String otlpAuthorization) {

  TracingConfig {
    Otlp.check(otlp); // refuses what is wrong, with a sentence
  }

  static TracingConfig defaults() {
    return new TracingConfig("", "");
  }

  Map<String, String> headers() {
    return Otlp.headers(otlpAuthorization);
  }

  @Override
  public String toString() {
    return "TracingConfig[" + otlp + "]";
  }
}
