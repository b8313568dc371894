package parley.signalling.app;

import parley.signalling.settings.Setting;

/** Where whoever runs the node finds metrics and health without a token. */
record ManagementConfig(
    @Setting(
            "Address of the port for metrics and health, which asks for no token: keep it from the"
                + " internet")
        String host,
    @Setting(value = "TCP port of /metrics and /health; 0: none", max = 65_535) int port) {

  static ManagementConfig defaults() {
    return new ManagementConfig("127.0.0.1", 0);
  }
}
