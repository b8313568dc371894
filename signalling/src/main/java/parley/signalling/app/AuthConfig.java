package parley.signalling.app;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import parley.signalling.access.ClaimNames;
import parley.signalling.access.DirectoryTokens;
import parley.signalling.access.IntrospectedTokens;
import parley.signalling.access.JwtKeys;
import parley.signalling.access.JwtRules;
import parley.signalling.access.JwtTokens;
import parley.signalling.access.TokenCheck;
import parley.signalling.callback.CallbackClient;
import parley.signalling.directory.Directory;
import parley.signalling.settings.Setting;
import parley.signalling.settings.SettingsException;
import parley.signalling.wire.TeamId;

/** How people prove who they are. */
record AuthConfig(
    @Setting(
            value =
                "What tokens are: directory (written in the directory's file), jwt (signed), or"
                    + " introspection (the chat server is asked about each)",
            oneOf = {DIRECTORY, JWT, INTROSPECTION})
        String tokens,
    @Setting("Claim with the contact: its jid, or the UUID in it") String contactClaim,
    @Setting("Claim with the team's uid, a list of uids, or an object of jids by uid")
        String teamsClaim,
    @Setting(value = "Team of tokens without that claim; empty: they are refused", optional = true)
        String defaultTeam,
    Jwt jwt,
    Introspection introspection) {

  private static final String DIRECTORY = "directory";
  private static final String JWT = "jwt";
  private static final String INTROSPECTION = "introspection";

  /** How long an issuer's server may take to send its keys. */
  private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(5);

  record Jwt(
      @Setting(value = "What the claim iss must be; empty: anything", optional = true)
          String issuer,
      @Setting(
              value = "What the claim aud must hold; may be empty (anything) without keys_url",
              optional = true)
          String audience,
      @Setting(value = "For HS256, 32 bytes and more", optional = true, secret = true)
          String secret,
      @Setting(
              value = "File with a JWK Set or public keys in PEM, for RS256, ES256 and EdDSA",
              optional = true)
          String keysFile,
      @Setting(value = "URL of the issuer's JWK Set (jwks_uri)", optional = true) String keysUrl,
      @Setting(value = "How often keys are read again", min = 10, max = 86_400) int keysRefreshS,
      @Setting(value = "By how much the issuer's clock may differ", max = 300) int clockSkewS) {
    @Override
    public String toString() {
      return "Jwt[" + issuer + ", " + keysFile + ", " + keysUrl + "]";
    }
  }

  record Introspection(
      @Setting(value = "Where the chat server is asked about a token (RFC 7662)", optional = true)
          String url,
      @Setting(
              value = "Authorization header to ask with, like Bearer and a secret",
              optional = true,
              secret = true)
          String authorization,
      @Setting(value = "How long an answer may take", min = 100, max = 60_000) int timeoutMs,
      @Setting(value = "How long a good answer is kept", max = 3_600) int cacheS) {
    @Override
    public String toString() {
      return "Introspection[" + url + "]";
    }
  }

  static AuthConfig defaults() {
    return new AuthConfig(
        DIRECTORY,
        "sub",
        "teams",
        "",
        new Jwt("", "", "", "", "", 300, 30),
        new Introspection("", "", 3_000, 30));
  }

  /** Whether tokens are those in the directory's file, and so the demo's where it is served. */
  boolean byDirectory() {
    return tokens.equals(DIRECTORY);
  }

  /**
   * @param directory null: the chat server is asked, and has no tokens to tell
   * @throws SettingsException when settings are right one by one but not together
   */
  TokenCheck open(@Nullable Directory directory) throws SettingsException {
    return switch (tokens) {
      case JWT -> jwtTokens();
      case INTROSPECTION -> {
        URI url = http("auth.introspection.url", introspection.url);
        if (url == null) {
          throw new SettingsException(
              "auth.introspection.url",
              "is empty; with auth.tokens introspection, right would be a URL of the chat server");
        }
        yield new IntrospectedTokens(
            url,
            introspection.authorization,
            claimNames(),
            Duration.ofSeconds(introspection.cacheS),
            new CallbackClient(Duration.ofMillis(introspection.timeoutMs)));
      }
      default -> {
        if (directory == null) {
          throw new SettingsException(
              "auth.tokens",
              "is directory, but with directory.url there is no file that tokens could stand in;"
                  + " right would be jwt or introspection");
        }
        yield new DirectoryTokens(directory);
      }
    };
  }

  private TokenCheck jwtTokens() throws SettingsException {
    URI url = http("auth.jwt.keys_url", jwt.keysUrl);
    if (url == null && jwt.keysFile.isEmpty() && jwt.secret.isEmpty()) {
      throw new SettingsException(
          "auth.jwt", "there are no keys; right would be a secret, a keys_file or a keys_url");
    }
    int bytes = jwt.secret.getBytes(StandardCharsets.UTF_8).length;
    if (!jwt.secret.isEmpty() && bytes < JwtKeys.MIN_SECRET_BYTES) {
      throw new SettingsException(
          "auth.jwt.secret",
          "has " + bytes + " bytes; right would be 32 and more (openssl rand -base64 48)");
    }
    if (url != null && jwt.audience.isEmpty()) {
      throw new SettingsException(
          "auth.jwt.audience",
          "is empty: tokens that the issuer makes for its other services would be taken as well;"
              + " right would be what it writes into the claim aud of Parley's tokens");
    }
    var keys =
        new JwtKeys(
            jwt.secret,
            jwt.keysFile.isEmpty() ? null : Path.of(jwt.keysFile),
            url,
            Duration.ofSeconds(jwt.keysRefreshS));
    var rules =
        new JwtRules(jwt.issuer, jwt.audience, Duration.ofSeconds(jwt.clockSkewS), claimNames());
    try {
      return JwtTokens.open(keys, rules, new CallbackClient(KEYS_TIMEOUT));
    } catch (IOException e) {
      throw new SettingsException("auth.jwt.keys_file", String.valueOf(e.getMessage()));
    }
  }

  private ClaimNames claimNames() throws SettingsException {
    TeamId team = ClaimNames.team(defaultTeam);
    if (team == null && !defaultTeam.isEmpty()) {
      throw new SettingsException(
          "auth.default_team", "is \"" + defaultTeam + "\"; right would be a team's uid, a UUID");
    }
    return new ClaimNames(contactClaim, teamsClaim, team);
  }

  /** Null when the key is empty. */
  static @Nullable URI http(String key, String text) throws SettingsException {
    if (text.isEmpty()) {
      return null;
    }
    try {
      URI url = new URI(text);
      String scheme = url.getScheme();
      if (url.getHost() != null && ("https".equals(scheme) || "http".equals(scheme))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // said below, with what would be right
    }
    throw new SettingsException(
        key, "is \"" + text + "\"; right would be like https://chat.example/path");
  }
}
