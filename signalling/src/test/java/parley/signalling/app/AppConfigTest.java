package parley.signalling.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.LoopTuning;
import parley.signalling.settings.SettingsException;
import parley.signalling.settings.SettingsPrinter;

class AppConfigTest {

  @TempDir Path folder;

  @Test
  void servesThisMachineOnlyUnlessToldOtherwise() throws Exception {
    AppConfig config = AppConfig.read(null, Map.of());
    assertThat(config.http().host()).isEqualTo("127.0.0.1");
    assertThat(config.http().port()).isEqualTo(8080);
    assertThat(config.relay().basePort()).isEqualTo(20_000);
    assertThat(config.relay().recordings()).isAbsolute().endsWithRaw(Path.of("recordings"));
  }

  @Test
  void printsWhatItCanReadAgain() throws Exception {
    Map<String, String> environment =
        Map.of(
            "PARLEY_HTTP_HOST", "::1",
            "PARLEY_HTTP_ALLOWED_ORIGINS", "https://chat.example",
            "PARLEY_RECORDING_DIRECTORY", "a folder: \"mine\"",
            "PARLEY_ICE_SERVERS", "[{urls: 'stun:stun.example:3478'}]",
            "PARLEY_LOGGING_LEVEL", "warn");
    AppConfig config = AppConfig.read(null, environment);
    Path file = Files.writeString(folder.resolve("printed.yaml"), SettingsPrinter.print(config));
    assertThat(AppConfig.read(file, Map.of())).isEqualTo(config);
  }

  @Test
  void neverPrintsACredential() throws Exception {
    String turn = "[{urls: 'turn:turn.example', username: me, credential: hunter2}]";
    AppConfig config = AppConfig.read(null, Map.of("PARLEY_ICE_SERVERS", turn));
    assertThat(SettingsPrinter.print(config))
        .contains("turn:turn.example")
        .doesNotContain("hunter2");
    assertThat(config.toString()).doesNotContain("hunter2");
  }

  @Test
  void saysWhatIsWrongWithAnIceServer() {
    assertThatThrownBy(
            () ->
                AppConfig.read(null, Map.of("PARLEY_ICE_SERVERS", "[{urls: 'turn:turn.example'}]")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "PARLEY_ICE_SERVERS: ice_servers[0]: turn:turn.example needs a username and a"
                + " credential");
  }

  @Test
  void tellsTheRelayWhichProcessorsAreItsOwn() throws Exception {
    AppConfig config =
        AppConfig.read(
            null, Map.of("PARLEY_MEDIA_PROCESSORS", "2,3", "PARLEY_MEDIA_BUSY_POLL_US", "50"));

    assertThat(config.relay().tuning()).isEqualTo(new LoopTuning(List.of(2, 3), 50));
  }

  @Test
  void saysWhatIsWrongWithAProcessor() {
    assertThatThrownBy(() -> AppConfig.read(null, Map.of("PARLEY_MEDIA_PROCESSORS", "2-3")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"2-3\" in processors is no processor");
  }

  @Test
  void saysWhatIsWrongWithAnOrigin() {
    for (String wrong :
        List.of("https://chat.example/", "chat.example", "*", "https://*.example")) {
      assertThatThrownBy(() -> AppConfig.read(null, Map.of("PARLEY_HTTP_ALLOWED_ORIGINS", wrong)))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("\"" + wrong + "\"")
          .hasMessageContaining("https://chat.example");
    }
  }

  @Test
  void refusesToOpenTheDemoToTheNetworkUnasked() throws Exception {
    AppConfig config = AppConfig.read(null, Map.of("PARLEY_HTTP_HOST", "0.0.0.0"));
    assertThatThrownBy(() -> Node.start(config))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("directory.demo_on_network: true");
    Path copy = folder.resolve("copy.yaml");
    try (InputStream in = AppConfig.class.getResourceAsStream("/demo-directory.yaml")) {
      Files.copy(requireNonNull(in), copy);
    }
    assertThatThrownBy(
            () ->
                start(
                    Map.of(
                        "PARLEY_HTTP_HOST", "0.0.0.0", "PARLEY_DIRECTORY_FILE", copy.toString())))
        .hasMessageContaining("has the demo's tokens")
        .hasMessageContaining("directory.demo_on_network: true");
  }

  @Test
  void saysWhatIsWrongWithAProxy() {
    assertThatThrownBy(
            () -> AppConfig.read(null, Map.of("PARLEY_LIMITS_TRUSTED_PROXIES", "proxy.example")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("right would be like 192.0.2.1, 10.0.0.0/8 or ::1");
  }

  @Test
  void saysWhatIsWrongWithAChatServerThatMayLink() {
    String good = "{name: a, token: 'abcdefghijklmnopqrstuvwxyz0123456789'}";
    for (String wrong :
        List.of(
            "[{name: a, token: short}]",
            "[{name: a, token: 'with spaces, so it does not fit in a header'}]",
            "[" + good + ", " + good + "]",
            "[" + good + ", " + good.replace("name: a", "name: b") + "]",
            "[" + good.replace("}", ", teams: [mine]}") + "]")) {
      assertThatThrownBy(() -> AppConfig.read(null, Map.of("PARLEY_LINK_CHAT_SERVERS", wrong)))
          .as(wrong)
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("right would be")
          .hasMessageNotContaining("with spaces");
    }
  }

  @Test
  void neverPrintsTheTokenOfAChatServer() throws Exception {
    String token = "abcdefghijklmnopqrstuvwxyz0123456789";
    AppConfig config =
        AppConfig.read(
            null, Map.of("PARLEY_LINK_CHAT_SERVERS", "[{name: chat, token: " + token + "}]"));
    assertThat(SettingsPrinter.print(config) + config).contains("chat").doesNotContain(token);
  }

  @Test
  void saysWhatIsMissingForSignedTokens() throws Exception {
    assertThatThrownBy(() -> start(Map.of("PARLEY_AUTH_TOKENS", "jwt")))
        .hasMessage(
            "auth.jwt: there are no keys; right would be a secret, a keys_file or a keys_url");
    assertThatThrownBy(
            () -> start(Map.of("PARLEY_AUTH_TOKENS", "jwt", "PARLEY_AUTH_JWT_SECRET", "short")))
        .hasMessageStartingWith("auth.jwt.secret: has 5 bytes; right would be 32 and more")
        .hasMessageNotContaining("short;");
    assertThatThrownBy(
            () ->
                start(
                    Map.of(
                        "PARLEY_AUTH_TOKENS",
                        "jwt",
                        "PARLEY_AUTH_JWT_KEYS_URL",
                        "https://id.example/keys")))
        .hasMessageStartingWith("auth.jwt.audience: is empty");
    assertThatThrownBy(() -> start(Map.of("PARLEY_AUTH_TOKENS", "introspection")))
        .hasMessageStartingWith("auth.introspection.url: is empty");
  }

  @Test
  void saysWhatDoesNotGoTogetherWithTheChatServersDirectory() {
    String url = "https://chat.example/teams";
    assertThatThrownBy(() -> start(Map.of("PARLEY_DIRECTORY_URL", url)))
        .hasMessageStartingWith("auth.tokens: is directory, but with directory.url there is no");
    assertThatThrownBy(
            () -> start(Map.of("PARLEY_DIRECTORY_URL", url, "PARLEY_DIRECTORY_FILE", "my.yaml")))
        .hasMessageStartingWith("directory.url: is set, and directory.file is as well");
    assertThatThrownBy(() -> start(Map.of("PARLEY_DIRECTORY_URL", "chat.example")))
        .hasMessageContaining("directory.url");
  }

  @Test
  void neverPrintsWhatTokensAreSignedWith() throws Exception {
    AppConfig config =
        AppConfig.read(
            null,
            Map.of(
                "PARLEY_AUTH_JWT_SECRET", "hunter2",
                "PARLEY_AUTH_INTROSPECTION_AUTHORIZATION", "Bearer hunter2"));
    assertThat(SettingsPrinter.print(config) + config).doesNotContain("hunter2");
  }

  @Test
  void saysWhatIsWrongWithAWebhookEndpointAndWhatWouldBeRight() {
    String secret = "whsec_" + "A".repeat(40);
    Map<String, String> wrong =
        Map.of(
            "[{name: a b, url: 'http://x/', secrets: [%s]}]",
            "letters, digits",
            "[{name: a, url: 'ftp://x/', secrets: [%s]}]",
            "https://chat.example",
            "[{name: a, url: 'http://u:p@x/', secrets: [%s]}]",
            "without a user",
            "[{name: a, url: 'http://x/'}]",
            "has no secrets",
            "[{name: a, url: 'http://x/', secrets: [short]}]",
            "openssl rand -base64 32",
            "[{name: a, url: 'http://x/', secrets: [%s], events: [call.end]}]",
            "call.finished",
            "[{name: a, url: 'http://x/', secrets: [%s]}, {name: a, url: 'http://y/', secrets:"
                + " [%s]}]",
            "two endpoints are called a");
    wrong.forEach(
        (text, right) ->
            assertThatThrownBy(
                    () ->
                        AppConfig.read(
                            null, Map.of("PARLEY_WEBHOOKS_ENDPOINTS", text.replace("%s", secret))))
                .as(text)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(right)
                .hasMessageNotContaining("AAAA"));
  }

  @Test
  void neverPrintsWhatWebhooksAreSignedWith() throws Exception {
    String secret = "whsec_" + "A".repeat(40);
    AppConfig config =
        AppConfig.read(
            null,
            Map.of(
                "PARLEY_WEBHOOKS_ENDPOINTS",
                "[{name: a, url: 'http://x/', events: [call.buzz], secrets: [" + secret + "]}]"));
    String printed = SettingsPrinter.print(config);
    assertThat(printed).contains("secrets: [\"(secret)\"]", "events: [call.buzz]");
    assertThat(printed + config).doesNotContain("AAAA");
  }

  private void start(Map<String, String> environment) throws Exception {
    var all = new HashMap<>(environment);
    all.put("PARLEY_RECORDING_DIRECTORY", folder.toString());
    Node.start(AppConfig.read(null, all)).close();
  }
}
