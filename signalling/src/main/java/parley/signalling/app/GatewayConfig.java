package parley.signalling.app;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.signalling.gateway.GatewaySettings;
import parley.signalling.settings.Setting;
import parley.signalling.settings.SettingsException;

/** The gateway's part of the configuration. */
record GatewayConfig(
    @Setting(
            value =
                "URL of a chat server to stand in front of, like http://127.0.0.1:8081; empty: no"
                    + " gateway. Who its people are and where they may call is learned from it",
            optional = true)
        String upstream,
    @Setting("Whether the chat server is told the host that the client asked for, else its own")
        boolean keepHost,
    @Setting("Whether calls are recorded where the chat server does not say it")
        boolean recordCalls,
    @Setting(
            value =
                "For how long people whom the chat server let in may come back while it is away",
            min = 1,
            max = 1_440)
        int rememberMin) {

  static GatewayConfig defaults() {
    return new GatewayConfig("", true, false, 60);
  }

  /**
   * Null when there is no gateway.
   *
   * @throws SettingsException when the URL is none
   */
  @Nullable GatewaySettings settings(List<String> allowedOrigins, Duration ping)
      throws SettingsException {
    URI url = AuthConfig.http("gateway.upstream", upstream);
    if (url == null) {
      return null;
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null || url.getUserInfo() != null) {
      throw new SettingsException(
          "gateway.upstream",
          "is \"" + upstream + "\"; right would be scheme, host, port and maybe a path");
    }
    return new GatewaySettings(
        url, keepHost, recordCalls, Duration.ofMinutes(rememberMin), allowedOrigins, ping);
  }
}
