package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  private void start(Map<String, String> environment) throws Exception {
    var all = new HashMap<>(environment);
    all.put("PARLEY_RECORDING_DIRECTORY", folder.toString());
    Node.start(AppConfig.read(null, all)).close();
  }
}
