package parley.signalling.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.signalling.oidc.OidcFailure.Kind;

/** What is believed of what a provider says; the real one is in the browsers' tests. */
class OidcProviderTest {

  private static final Attempt ATTEMPT =
      new Attempt(
          "a state",
          "a nonce",
          "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", // RFC 7636, appendix B
          "http://here/back");

  private static final Returned BACK = new Returned("a state", "the code", "", "");

  private HttpServer server;
  private String issuer;
  private RSAKey key;
  private String named;
  private String idToken = "";
  private String asked = "";
  private String told = "";
  private int status = 200;
  private int looks;
  private long nowNs;
  private OidcProvider provider;

  @BeforeEach
  void start() throws Exception {
    key = new RSAKeyGenerator(2048).keyID("k").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    named = issuer;
    server.createContext(
        "/.well-known/openid-configuration",
        exchange -> {
          looks++;
          answer(
              exchange,
              status,
              """
              {"issuer":"%s","authorization_endpoint":"%s/auth","token_endpoint":"%s/token","jwks_uri":"%s/keys"%s}\
              """
                  .formatted(named, issuer, issuer, issuer, told));
        });
    server.createContext(
        "/keys", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
    server.createContext(
        "/token",
        exchange -> {
          asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          answer(exchange, 200, "{\"id_token\":\"" + idToken + "\"}");
        });
    server.start();
    provider =
        new OidcProvider(
            new OidcSettings(
                URI.create(issuer),
                "parley",
                "",
                List.of("email"),
                "email",
                "realm_access.roles",
                Set.of(),
                Set.of("operators"),
                true,
                Duration.ofSeconds(30)),
            () -> nowNs);
  }

  @AfterEach
  void stop() {
    provider.close();
    server.stop(0);
  }

  @Test
  void sendsTheChallengeOfTheVerifierAndNeverTheVerifier() throws Exception {
    assertThat(provider.authorization(ATTEMPT).toString())
        .startsWith(issuer + "/auth?")
        .contains("response_type=code", "scope=openid+email", "state=a+state", "nonce=a+nonce")
        .contains("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        .contains("code_challenge_method=S256", "redirect_uri=http%3A%2F%2Fhere%2Fback")
        .doesNotContain(ATTEMPT.verifier());
  }

  @Test
  void believesWhatTheProviderSignedForThisAttempt() throws Exception {
    idToken = signed(claims().build());

    Claims claims = provider.redeem(ATTEMPT, BACK);

    assertThat(claims.name("email")).isEqualTo("olga@example.org");
    assertThat(claims.words("realm_access.roles")).containsExactly("operators");
    assertThat(asked).contains("code=the+code", "code_verifier=" + ATTEMPT.verifier());
  }

  @Test
  void believesNothingElse() throws Exception {
    Date past = Date.from(Instant.now().minusSeconds(3_600));
    for (JWTClaimsSet wrong :
        List.of(
            claims().claim("nonce", "of another attempt").build(),
            claims().claim("nonce", null).build(),
            claims().issuer("https://elsewhere.example").build(),
            claims().audience("another client").build(),
            claims().audience(List.of("parley", "another client")).build(),
            claims().claim("azp", "another client").build(),
            claims().expirationTime(past).build())) {
      idToken = signed(wrong);
      assertRefused(Kind.UNPROVED);
    }
    idToken = new PlainJWT(claims().build()).serialize();
    assertRefused(Kind.UNPROVED);
    idToken = "nonsense";
    assertRefused(Kind.UNPROVED);
    key = new RSAKeyGenerator(2048).keyID("k").generate(); // not what /keys has shown before
    idToken = signed(claims().build());
    assertRefused(Kind.UNPROVED);
  }

  @Test
  void wantsToKnowWhichProviderSaysSoWhereThatIsPromised() throws Exception {
    told = ",\"authorization_response_iss_parameter_supported\":true";
    idToken = signed(claims().build());

    assertRefused(Kind.UNPROVED);
    assertRefused(Kind.UNPROVED, new Returned("a state", "the code", "", issuer + "/other"));
    assertThat(asked).isEmpty(); // a code of somebody else's is not even shown
    Claims claims = provider.redeem(ATTEMPT, new Returned("a state", "the code", "", issuer));
    assertThat(claims.subject()).isEqualTo("17");
  }

  @Test
  void saysWhatTheProviderRefuses() {
    assertThatThrownBy(
            () -> provider.redeem(ATTEMPT, new Returned("a state", "", "access_denied\n", "")))
        .hasMessage("the OpenID provider refuses: access_denied ")
        .isInstanceOfSatisfying(
            OidcFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED));
  }

  @Test
  void saysThatAnIssuerIsNotTheOneInTheSettings() {
    named = "https://elsewhere.example";

    assertThatThrownBy(() -> provider.authorization(ATTEMPT))
        .hasMessageContaining("elsewhere.example")
        .hasMessageContaining("operate.oidc.issuer");
  }

  @Test
  void asksAProviderThatIsAwayNowAndThenAndKeepsWhatItSaidBefore() throws Exception {
    status = 503;
    assertAway();
    status = 200;
    assertAway(); // nobody waits for it again so soon
    assertThat(looks).isEqualTo(1);
    nowNs += Discovery.AGAIN.toNanos();
    String before = provider.authorization(ATTEMPT).toString();

    status = 503;
    nowNs += Discovery.FRESH.toNanos();
    assertThat(provider.authorization(ATTEMPT)).hasToString(before);
    assertThat(looks).isEqualTo(3);
  }

  @Test
  void saysThatTheProviderDoesNotAnswer() {
    server.stop(0);
    assertAway();
  }

  @Test
  void sendsWhoSignsOutToTheProviderOnceItIsKnownWhereTo() throws Exception {
    told = ",\"end_session_endpoint\":\"" + issuer + "/out?x=1\"";
    assertThat(provider.farewell("http://here/")).isNull();
    URI _ = provider.authorization(ATTEMPT);

    assertThat(provider.farewell("http://here/"))
        .hasToString(
            issuer + "/out?x=1&client_id=parley&post_logout_redirect_uri=http%3A%2F%2Fhere%2F");
  }

  @Test
  void tellsWhoLooksAfterItItsKeysAndItsTime() throws Exception {
    OidcProvider.Examined examined = provider.examine();

    assertThat(examined.keys()).isEqualTo(1);
    assertThat(examined.date()).isNotNull();
  }

  private void assertAway() {
    assertThatThrownBy(() -> provider.authorization(ATTEMPT))
        .isInstanceOfSatisfying(
            OidcFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
  }

  private void assertRefused(Kind kind) {
    assertRefused(kind, BACK);
  }

  private void assertRefused(Kind kind, Returned back) {
    assertThatThrownBy(() -> provider.redeem(ATTEMPT, back))
        .isInstanceOfSatisfying(OidcFailure.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience("parley")
        .subject("17")
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(60)))
        .claim("nonce", ATTEMPT.nonce())
        .claim("email", "olga@example.org")
        .claim("realm_access", Map.of("roles", List.of("operators")));
  }

  private String signed(JWTClaimsSet claims) throws Exception {
    var jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(), claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
