package parley.signalling.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.oidc.OidcSettings;
import parley.signalling.settings.SettingsException;

/** Settings of signing in by OpenID Connect. */
class OperateConfigTest {

  @TempDir Path folder;

  @Test
  void signsNobodyInByItselfSo() throws Exception {
    assertThat(settings()).isNull();
  }

  @Test
  void takesTheSecretFromAFileAndShowsItNowhere() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "hunter2\n");
    OidcSettings settings =
        requireNonNull(
            settings(
                "ISSUER", "https://id.example/staff",
                "CLIENT_ID", "parley",
                "CLIENT_SECRET_FILE", file.toString(),
                "ACT_ROLES", "operators,admins"));

    assertThat(settings.clientSecret()).isEqualTo("hunter2");
    assertThat(settings.actRoles()).containsExactlyInAnyOrder("operators", "admins");
    assertThat(settings.toString()).doesNotContain("hunter2");
  }

  @Test
  void saysWhatIsMissing() {
    assertRefused("operate.oidc.client_id", "ISSUER", "https://id.example");
    assertRefused("operate.oidc.act_roles", "ISSUER", "https://id.example", "CLIENT_ID", "parley");
    assertRefused(
        "operate.oidc.client_secret_file",
        "ISSUER",
        "https://id.example",
        "CLIENT_ID",
        "parley",
        "VIEW_ROLES",
        "support",
        "CLIENT_SECRET_FILE",
        folder.resolve("none").toString());
  }

  @Test
  void believesNoIssuerThatAnybodyOnTheWayCouldBe() throws Exception {
    String[] rest = {"CLIENT_ID", "parley", "VIEW_ROLES", "support", "ISSUER", ""};
    rest[5] = "http://id.example";
    assertRefused("operate.oidc.issuer", rest);
    rest[5] = "http://localhost.example:5556/dex";
    assertRefused("operate.oidc.issuer", rest);
    for (String here :
        List.of("http://localhost:5556/dex", "http://127.0.0.1:1", "http://[::1]/")) {
      rest[5] = here;
      assertThat(requireNonNull(settings(rest)).issuer()).hasToString(here);
    }
  }

  private static void assertRefused(String key, String... settings) {
    assertThatThrownBy(() -> settings(settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(key)
        .hasMessageContaining("right would be");
  }

  /** Names without what they all begin with, and values. */
  private static @Nullable OidcSettings settings(String... pairs) throws SettingsException {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put("PARLEY_OPERATE_OIDC_" + pairs[i], pairs[i + 1]);
    }
    return AppConfig.read(null, environment).operate().settings();
  }
}
