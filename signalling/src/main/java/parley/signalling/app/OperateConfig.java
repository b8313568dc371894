package parley.signalling.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.signalling.oidc.OidcSettings;
import parley.signalling.settings.Setting;
import parley.signalling.settings.SettingsException;

/** Who may operate, besides those with a token. */
record OperateConfig(Oidc oidc) {

  /** Where nobody is on the way. */
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[\\d.]+|\\[::1]");

  record Oidc(
      @Setting(
              value = "OpenID provider, as its ID tokens name it; empty: tokens only",
              optional = true)
          String issuer,
      @Setting(value = "This server's client_id there", optional = true) String clientId,
      @Setting(
              value = "File with the client secret; empty: a public client, by PKCE alone",
              optional = true)
          String clientSecretFile,
      @Setting("Scopes to ask for beside openid") List<String> scopes,
      @Setting("Claim by which the audit log names people; without it, sub") String nameClaim,
      @Setting("Claim with the roles; dots go into objects, like realm_access.roles")
          String rolesClaim,
      @Setting("Roles that may look") List<String> viewRoles,
      @Setting("Roles that may look, end calls, mute, put out people and drain")
          List<String> actRoles,
      @Setting("Whether signing out here signs out there, too") boolean signOutThere,
      @Setting(value = "By how much the provider's clock may differ", max = 300) int clockSkewS) {}

  static OperateConfig defaults() {
    return new OperateConfig(
        new Oidc(
            "",
            "",
            "",
            List.of("profile", "email"),
            "email",
            "groups",
            List.of(),
            List.of(),
            false,
            30));
  }

  /**
   * Null when nobody signs in so.
   *
   * @throws SettingsException when settings are right one by one but not together
   */
  @Nullable OidcSettings settings() throws SettingsException {
    URI issuer = AuthConfig.http("operate.oidc.issuer", oidc.issuer);
    if (issuer == null) {
      return null;
    }
    boolean isHere = LOOPBACK.matcher(issuer.getHost()).matches();
    if (!"https".equals(issuer.getScheme()) && !isHere) {
      throw new SettingsException(
          "operate.oidc.issuer",
          "is \"%s\": anybody on the way could say who somebody is; right would be https://"
              .formatted(issuer));
    }
    if (oidc.clientId.isBlank()) {
      throw new SettingsException(
          "operate.oidc.client_id", "is empty; right would be what the provider knows us by");
    }
    if (oidc.viewRoles.isEmpty() && oidc.actRoles.isEmpty()) {
      throw new SettingsException(
          "operate.oidc.act_roles",
          "is empty, as view_roles is: nobody could sign in; right would be roles of operators");
    }
    return new OidcSettings(
        issuer,
        oidc.clientId,
        secret(),
        oidc.scopes,
        oidc.nameClaim,
        oidc.rolesClaim,
        Set.copyOf(oidc.viewRoles),
        Set.copyOf(oidc.actRoles),
        oidc.signOutThere,
        Duration.ofSeconds(oidc.clockSkewS));
  }

  private String secret() throws SettingsException {
    if (oidc.clientSecretFile.isEmpty()) {
      return "";
    }
    try {
      return Files.readString(Path.of(oidc.clientSecretFile)).strip();
    } catch (IOException e) {
      throw new SettingsException(
          "operate.oidc.client_secret_file",
          "%s cannot be read; right would be a file with the client secret"
              .formatted(oidc.clientSecretFile));
    }
  }
}
