package parley.signalling.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.signalling.callback.CallbackClient;
import parley.signalling.oidc.OidcFailure.Kind;

/**
 * One OpenID provider, of which this server is a client: authorization code flow with PKCE (OpenID
 * Connect Core §3.1, RFC 7636). Blocks, so it is for virtual threads.
 */
public final class OidcProvider implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Signed by a key that only the provider has; none of ours, and not "none". */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  /** A person waits at his browser. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final OidcSettings settings;
  private final CallbackClient http = new CallbackClient(TIMEOUT);
  private final Discovery discovery;

  public OidcProvider(OidcSettings settings) {
    this(settings, System::nanoTime);
  }

  OidcProvider(OidcSettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.discovery = new Discovery(settings.issuer(), http, nanoTime);
  }

  public OidcSettings settings() {
    return settings;
  }

  /**
   * What it tells when it is asked now, for who looks after it.
   *
   * @param keys how many it publishes
   * @param date its time, to a second; null: it does not say
   */
  public record Examined(int keys, @Nullable Instant date) {}

  /**
   * Asks it everything but to sign somebody in.
   *
   * @throws OidcFailure when nobody could sign in
   */
  public Examined examine() throws OidcFailure, InterruptedException {
    Discovery.Told told = discovery.look();
    try {
      var all = new JWKSelector(new JWKMatcher.Builder().build());
      return new Examined(told.metadata().keys().get(all, null).size(), date(told.date()));
    } catch (JOSEException e) {
      throw keysAway(e);
    }
  }

  private static @Nullable Instant date(String header) {
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Where to send somebody who wants to sign in.
   *
   * @throws OidcFailure when the provider cannot be asked what it can do
   */
  public URI authorization(Attempt attempt) throws OidcFailure, InterruptedException {
    List<String> scopes = new ArrayList<>(List.of("openid"));
    scopes.addAll(settings.scopes());
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", settings.clientId());
    query.put("redirect_uri", attempt.redirect());
    query.put("scope", String.join(" ", scopes));
    query.put("state", attempt.state());
    query.put("nonce", attempt.nonce());
    query.put("code_challenge", attempt.challenge());
    query.put("code_challenge_method", "S256");
    return with(discovery.metadata().authorization(), query);
  }

  /**
   * Where to send somebody who has signed out here, so that he signs out there, too (OpenID Connect
   * RP-Initiated Logout §2); null: nowhere. Does not block.
   *
   * @param back where the provider may send him then
   */
  public @Nullable URI farewell(String back) {
    Metadata known = discovery.known();
    URI at = known == null || !settings.farewell() ? null : known.farewell();
    if (at == null) {
      return null;
    }
    Map<String, String> query = new LinkedHashMap<>();
    query.put("client_id", settings.clientId());
    query.put("post_logout_redirect_uri", back);
    return with(at, query);
  }

  /**
   * Redeems what somebody brought back.
   *
   * @throws OidcFailure when the provider says no, or what it says is not proved
   */
  public Claims redeem(Attempt attempt, Returned returned)
      throws OidcFailure, InterruptedException {
    Metadata metadata = discovery.metadata();
    checkIssuer(metadata, returned.issuer());
    if (!returned.error().isEmpty()) {
      throw new OidcFailure(
          Kind.DENIED, "the OpenID provider refuses: " + Discovery.plain(returned.error()));
    }
    if (returned.code().isEmpty()) {
      throw new OidcFailure(Kind.DENIED, "the OpenID provider sent nothing to redeem");
    }
    JsonNode answer = token(metadata, attempt, returned.code());
    return proved(metadata, answer.path("id_token").asText(""), attempt.nonce());
  }

  /** RFC 9207 §2.4: else one provider's answer could be redeemed at another. */
  private void checkIssuer(Metadata metadata, String issuer) throws OidcFailure {
    if (issuer.isEmpty() && metadata.namesItself()) {
      throw new OidcFailure(Kind.UNPROVED, "the answer does not say which provider it is of");
    }
    if (!issuer.isEmpty() && !issuer.equals(settings.issuer().toString())) {
      throw new OidcFailure(
          Kind.UNPROVED, "the answer is of another provider: " + Discovery.plain(issuer));
    }
  }

  private JsonNode token(Metadata metadata, Attempt attempt, String code)
      throws OidcFailure, InterruptedException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", attempt.redirect());
    form.put("code_verifier", attempt.verifier());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(metadata.token())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json");
    if (!settings.clientSecret().isEmpty() && metadata.secretInHeader()) {
      // RFC 6749 §2.3.1: both are form-encoded before they are put together.
      String both = encoded(settings.clientId()) + ":" + encoded(settings.clientSecret());
      byte[] bytes = both.getBytes(StandardCharsets.US_ASCII);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    } else {
      form.put("client_id", settings.clientId());
      if (!settings.clientSecret().isEmpty()) {
        form.put("client_secret", settings.clientSecret());
      }
    }
    CallbackClient.Answer answer;
    JsonNode json;
    try {
      answer = http.send(request.POST(BodyPublishers.ofString(form(form))).build());
      json = JSON.readTree(answer.body());
    } catch (JsonProcessingException e) { // whose message would show what it was
      throw new OidcFailure(Kind.UNREACHABLE, "the OpenID provider gives a token in no JSON", e);
    } catch (IOException e) {
      String sentence = "the OpenID provider cannot be asked for a token: ";
      throw new OidcFailure(Kind.UNREACHABLE, sentence + Discovery.plain(e.getMessage()), e);
    }
    if (answer.status() != 200) { // RFC 6749 §5.2
      throw new OidcFailure(
          answer.status() < 500 ? Kind.DENIED : Kind.UNREACHABLE,
          "the OpenID provider gives no token: it answers %d, %s"
              .formatted(answer.status(), Discovery.plain(json.path("error").asText("no reason"))));
    }
    return json;
  }

  private Claims proved(Metadata metadata, String idToken, String nonce) throws OidcFailure {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, metadata.keys()));
    var verifier =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            settings.clientId(),
            new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
            Set.of("sub", "exp", "iat"));
    verifier.setMaxClockSkew((int) settings.skew().toSeconds());
    processor.setJWTClaimsSetVerifier(verifier);
    JWTClaimsSet claims;
    try {
      claims = processor.process(idToken, null);
    } catch (ParseException | BadJOSEException | RuntimeException e) {
      String sentence = "the ID token is refused: " + Discovery.plain(e.getMessage());
      throw new OidcFailure(Kind.UNPROVED, sentence, e);
    } catch (JOSEException e) {
      throw keysAway(e);
    }
    if (!nonce.equals(claims.getClaim("nonce"))) { // OpenID Connect Core §3.1.3.7 (11)
      throw new OidcFailure(Kind.UNPROVED, "the ID token was made for another attempt");
    }
    // §3.1.3.7 (3) to (5): one of several in aud is nobody's without azp.
    Object azp = claims.getClaim("azp");
    boolean ours = azp == null ? claims.getAudience().size() == 1 : azp.equals(settings.clientId());
    if (!ours) {
      throw new OidcFailure(Kind.UNPROVED, "the ID token was made for another client");
    }
    return new Claims(claims.getClaims());
  }

  private static OidcFailure keysAway(JOSEException e) {
    String sentence = "the OpenID provider's keys cannot be used: ";
    return new OidcFailure(Kind.UNREACHABLE, sentence + Discovery.plain(e.getMessage()), e);
  }

  private static URI with(URI at, Map<String, String> query) {
    return URI.create(at + (at.getRawQuery() == null ? "?" : "&") + form(query));
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
