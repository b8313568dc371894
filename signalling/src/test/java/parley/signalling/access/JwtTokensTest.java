package parley.signalling.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.signalling.callback.CallbackClient;
import parley.signalling.directory.Account;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Signed tokens, honest ones and an attacker's. */
class JwtTokensTest {

  private static final byte[] SECRET =
      "a secret of more than thirty-two bytes".getBytes(StandardCharsets.UTF_8);
  private static final Account ALICE =
      new Account(Map.of(new TeamId(Issuer.TEAM), Jid.of("d-" + Issuer.UUID)));

  @TempDir Path folder;

  private final AtomicLong nowNs = new AtomicLong();
  private final ChatServer server = new ChatServer();
  private final CallbackClient client = new CallbackClient(Duration.ofSeconds(2));

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void takesEveryAlgorithm() {
    server.answer = r -> Issuer.jwks(Issuer.RSA, Issuer.EC, Issuer.edPublic());
    JwtTokens tokens = byUrl();
    JWTClaimsSet claims = Issuer.claims().build();
    assertThat(verdict(tokens, Issuer.rs256(Issuer.RSA, claims))).isEqualTo(known());
    assertThat(verdict(tokens, Issuer.es256(claims))).isEqualTo(known());
    assertThat(verdict(tokens, Issuer.eddsa(claims))).isEqualTo(known());
    assertThat(verdict(bySecret(), Issuer.hs256(SECRET, claims))).isEqualTo(known());
  }

  @Test
  void takesPublicKeysInPem() throws Exception {
    var pem = new StringBuilder();
    for (byte[] key :
        List.of(
            Issuer.RSA.toPublicKey().getEncoded(),
            Issuer.EC.toPublicKey().getEncoded(),
            Issuer.ED.getPublic().getEncoded())) {
      pem.append("-----BEGIN PUBLIC KEY-----\n")
          .append(Base64.getMimeEncoder().encodeToString(key))
          .append("\n-----END PUBLIC KEY-----\n");
    }
    JwtTokens tokens = byFile(Files.writeString(folder.resolve("keys.pem"), pem));
    JWTClaimsSet claims = Issuer.claims().build();
    assertThat(verdict(tokens, Issuer.rs256(Issuer.RSA, claims)))
        .isInstanceOf(Verdict.Unknown.class);
    var unnamed =
        Issuer.sign(
            new JWSHeader(JWSAlgorithm.RS256),
            claims,
            Issuer.signer(() -> new RSASSASigner(Issuer.RSA)));
    assertThat(verdict(tokens, unnamed)).isEqualTo(known());
  }

  @Test
  void refusesWrongClaims() {
    JwtTokens tokens = bySecret();
    Map<String, JWTClaimsSet.Builder> wrong =
        Map.of(
            "expired", Issuer.claims().expirationTime(Date.from(Issuer.NOW.minusSeconds(31))),
            "never expires", Issuer.claims().expirationTime(null),
            "not valid yet", Issuer.claims().notBeforeTime(Date.from(Issuer.NOW.plusSeconds(31))),
            "of another issuer", Issuer.claims().issuer("https://evil.example"),
            "for another audience", Issuer.claims().audience("wiki"),
            "its claims name no contact of a team", Issuer.claims().subject("g-" + Issuer.UUID));
    wrong.forEach(
        (why, claims) ->
            assertThat(verdict(tokens, Issuer.hs256(SECRET, claims.build())))
                .isEqualTo(new Verdict.Unknown(why)));
  }

  @Test
  void allowsForClocksThatDifferALittle() {
    JWTClaimsSet claims =
        Issuer.claims()
            .expirationTime(Date.from(Issuer.NOW.minusSeconds(29)))
            .notBeforeTime(Date.from(Issuer.NOW.plusSeconds(29)))
            .build();
    assertThat(verdict(bySecret(), Issuer.hs256(SECRET, claims))).isEqualTo(known());
  }

  @Test
  void opensNoOtherTeamThanTheTokensOwn() {
    String other = "11111111-2222-4333-8444-555555555555";
    var verdict = verdict(bySecret(), Issuer.hs256(SECRET, Issuer.claims().build()));
    assertThat(((Verdict.Known) verdict).account().in(new TeamId(other))).isNull();
  }

  @Test
  void refusesAlgorithmNone() {
    for (String alg : List.of("none", "None", "NONE", "")) {
      String header = "{\"alg\":\"" + alg + "\"}";
      String token = Issuer.forged(header, Issuer.claims().build(), "");
      assertThat(verdict(bySecret(), token)).isInstanceOf(Verdict.Unknown.class);
    }
  }

  @Test
  void takesNoPublicKeyForASecret() throws Exception {
    server.answer = r -> Issuer.jwks(Issuer.RSA);
    byte[] der = Issuer.RSA.toPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] asSecret : List.of(der, pem.getBytes(StandardCharsets.US_ASCII))) {
      String token =
          Issuer.sign(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(),
              Issuer.claims().build(),
              Issuer.signer(() -> new MACSigner(asSecret)));
      assertThat(verdict(byUrl(), token)).isInstanceOf(Verdict.Unknown.class);
    }
  }

  @Test
  void takesNoPublicKeyForASecretWhereThereIsASecretToo() throws Exception {
    server.answer = r -> Issuer.jwks(Issuer.RSA);
    var keys =
        new JwtKeys(
            new String(SECRET, StandardCharsets.UTF_8),
            null,
            server.url("/jwks.json"),
            Duration.ofMinutes(5));
    var tokens = new JwtTokens(keys.rings(client), rules(), () -> Issuer.NOW, () -> {});
    var claims = Issuer.claims().build();
    assertThat(verdict(tokens, Issuer.rs256(Issuer.RSA, claims))).isEqualTo(known());
    assertThat(verdict(tokens, Issuer.hs256(SECRET, claims))).isEqualTo(known());
    byte[] der = Issuer.RSA.toPublicKey().getEncoded();
    assertThat(verdict(tokens, Issuer.hs256(der, claims))).isInstanceOf(Verdict.Unknown.class);
    byte[] modulus = Issuer.RSA.getModulus().decode();
    assertThat(verdict(tokens, Issuer.hs256(modulus, claims))).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void refusesSignaturesOfNothingButZeros() {
    server.answer = r -> Issuer.jwks(Issuer.RSA, Issuer.EC, Issuer.edPublic());
    JwtTokens tokens = byUrl();
    Map<String, Integer> lengths =
        Map.of(
            "{\"alg\":\"ES256\",\"kid\":\"ec-1\"}", 64,
            "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", 256,
            "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\"}", 64);
    lengths.forEach(
        (header, length) -> {
          for (int bytes : List.of(0, 1, length - 1, length, length + 1)) {
            String zeros = Base64URL.encode(new byte[bytes]).toString();
            assertThat(verdict(tokens, Issuer.forged(header, Issuer.claims().build(), zeros)))
                .as("%s, %d bytes", header, bytes)
                .isInstanceOf(Verdict.Unknown.class);
          }
        });
  }

  @Test
  void takesNoKeyOfAnotherKindUnderTheSameName() {
    server.answer = r -> Issuer.jwks(Issuer.RSA, Issuer.EC);
    String rsaNamedEc =
        Issuer.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("ec-1").build(),
            Issuer.claims().build(),
            Issuer.signer(() -> new RSASSASigner(Issuer.RSA)));
    assertThat(verdict(byUrl(), rsaNamedEc)).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void survivesJsonThatIsNestedAsDeepAsATokenIsLong() {
    for (String nested :
        List.of(
            "[".repeat(2_900) + "]".repeat(2_900),
            "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000))) {
      String header = "{\"alg\":\"HS256\",\"x\":" + nested + "}";
      assertThat(verdict(bySecret(), Issuer.forged(header, Issuer.claims().build(), "c2ln")))
          .isInstanceOf(Verdict.Unknown.class);
      String signed = signed("{\"exp\":99999999999,\"teams\":" + nested + "}");
      assertThat(verdict(bySecret(), signed)).isInstanceOf(Verdict.Unknown.class);
    }
  }

  @Test
  void takesNoClaimOfAnotherKind() {
    String good = Issuer.claims().build().toString();
    assertThat(verdict(bySecret(), signed(good))).isEqualTo(known());
    long exp = Issuer.NOW.plusSeconds(300).getEpochSecond();
    for (String wrong :
        List.of(
            good.replace(String.valueOf(exp), "\"" + exp + "\""),
            good.replace(String.valueOf(exp), "1e400"),
            good.replace(String.valueOf(exp), "-1"),
            good.replace(String.valueOf(exp), "null"),
            good.replace(String.valueOf(exp), "[" + exp + "]"),
            good.replace("\"parley\"", "{\"parley\":1}"),
            good.replace("\"parley\"", "\"parley \""),
            good.replace("\"https://id.example\"", "[\"https://id.example\"]"),
            good.replace("\"d-", "[\"d-").replace(Issuer.UUID + "\"", Issuer.UUID + "\"]"),
            good.replace(Issuer.UUID, Issuer.UUID + "\\u0000"),
            "[]",
            "null",
            "\"\"",
            "")) {
      assertThat(wrong).isNotEqualTo(good);
      assertThat(verdict(bySecret(), signed(wrong))).as(wrong).isInstanceOf(Verdict.Unknown.class);
    }
  }

  /** Signed with the right secret, whatever it says. */
  private static String signed(String payload) {
    var jws = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(payload));
    try {
      jws.sign(new MACSigner(SECRET));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
    return jws.serialize();
  }

  @Test
  void takesNoSecretFromTheNet() {
    String secret = Base64URL.encode(SECRET).toString();
    server.answer = r -> "{\"keys\":[{\"kty\":\"oct\",\"k\":\"" + secret + "\"}]}";
    assertThat(verdict(byUrl(), Issuer.hs256(SECRET, Issuer.claims().build())))
        .isInstanceOf(Verdict.Unavailable.class);
  }

  @Test
  void takesNoKeyOutOfTheToken() {
    server.answer = r -> Issuer.jwks(Issuer.EC);
    var claims = Issuer.claims().build();
    JWSHeader withKey =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .jwk(Issuer.RSA.toPublicJWK())
            .jwkURL(server.url("/attacker.json"))
            .build();
    String token = Issuer.sign(withKey, claims, Issuer.signer(() -> new RSASSASigner(Issuer.RSA)));
    assertThat(verdict(byUrl(), token)).isInstanceOf(Verdict.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../dev/null",
        "/dev/null",
        "' OR '1'='1",
        "http://evil.example/k",
        "\u0000"
      })
  void comparesTheNameOfAKeyAndOpensNothing(String kid) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(kid).build();
    byte[] nothing = new byte[32];
    String token =
        Issuer.sign(header, Issuer.claims().build(), Issuer.signer(() -> new MACSigner(nothing)));
    assertThat(verdict(bySecret(), token)).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    var claims = Issuer.claims().build();
    String signature = "c2lnbmF0dXJl";
    for (String header :
        List.of(
            "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
            "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
            "{\"alg\":\"HS512\"}",
            "{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}",
            "[]",
            "{",
            "{\"alg\":7}")) {
      assertThat(verdict(bySecret(), Issuer.forged(header, claims, signature)))
          .as(header)
          .isInstanceOf(Verdict.Unknown.class);
    }
    for (String token : List.of("", ".", "..", "a.b.c.d.e", "x".repeat(1 << 20), "é.é.é")) {
      assertThat(verdict(bySecret(), token)).isInstanceOf(Verdict.Unknown.class);
    }
  }

  @Test
  void refusesAnAlteredToken() {
    String token = Issuer.hs256(SECRET, Issuer.claims().build());
    String other = Issuer.hs256(SECRET, Issuer.claims().subject("d-" + Issuer.TEAM).build());
    String mixed =
        other.substring(0, other.lastIndexOf('.')) + token.substring(token.lastIndexOf('.'));
    assertThat(verdict(bySecret(), mixed)).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void followsAnIssuerWhoChangesKeys() {
    server.answer = r -> Issuer.jwks(Issuer.RSA);
    JwtTokens tokens = byUrl();
    String old = Issuer.rs256(Issuer.RSA, Issuer.claims().build());
    String young = Issuer.rs256(Issuer.NEXT_RSA, Issuer.claims().build());
    assertThat(verdict(tokens, old)).isEqualTo(known());
    server.answer = r -> Issuer.jwks(Issuer.NEXT_RSA);
    assertThat(verdict(tokens, young)).as("just read").isInstanceOf(Verdict.Unknown.class);
    pass(KeyRing.PAUSE);
    assertThat(verdict(tokens, young)).isEqualTo(known());
    assertThat(verdict(tokens, old)).as("withdrawn").isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void asksForKeysOnceHoweverManyNamesAreMadeUp() {
    server.answer = r -> Issuer.jwks(Issuer.RSA);
    JwtTokens tokens = byUrl();
    assertThat(verdict(tokens, Issuer.rs256(Issuer.RSA, Issuer.claims().build())))
        .isEqualTo(known());
    pass(KeyRing.PAUSE);
    for (int i = 0; i < 100; i++) {
      String header = "{\"alg\":\"RS256\",\"kid\":\"made-up-" + i + "\"}";
      verdict(tokens, Issuer.forged(header, Issuer.claims().build(), "c2lnbmF0dXJl"));
    }
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void goesOnWithItsKeysWhileTheirSourceIsAway() {
    server.answer = r -> Issuer.jwks(Issuer.RSA);
    JwtTokens tokens = byUrl();
    String token = Issuer.rs256(Issuer.RSA, Issuer.claims().build());
    assertThat(verdict(tokens, token)).isEqualTo(known());
    server.status = 503;
    pass(Duration.ofHours(23));
    assertThat(verdict(tokens, token)).isEqualTo(known());
    pass(Duration.ofHours(2));
    assertThat(verdict(tokens, token)).isInstanceOf(Verdict.Unavailable.class);
  }

  @Test
  void letsNobodyInWithoutKeysAndBlamesNoToken() {
    server.status = 500;
    JwtTokens tokens = byUrl();
    String token = Issuer.rs256(Issuer.RSA, Issuer.claims().build());
    assertThat(verdict(tokens, token)).isInstanceOf(Verdict.Unavailable.class);
    server.status = 200;
    server.answer = r -> Issuer.jwks(Issuer.RSA);
    pass(KeyRing.PAUSE);
    assertThat(verdict(tokens, token)).isEqualTo(known());
    server.close();
    assertThat(verdict(byUrl(), token))
        .as("nobody listens")
        .isInstanceOf(Verdict.Unavailable.class);
  }

  @Test
  void keepsNobodyWaitingForSlowKeys() throws Exception {
    server.answer = r -> Issuer.jwks(Issuer.RSA);
    var gate = new CountDownLatch(1);
    server.gate = gate;
    var asked = byUrl().check(Issuer.rs256(Issuer.RSA, Issuer.claims().build()));
    assertThat(asked).as("the caller's thread goes on").isNotDone();
    gate.countDown();
    assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo(known());
  }

  @Test
  void endsAnEndlessAnswer() {
    server.answer = r -> "{\"keys\":[" + " ".repeat(3 << 20) + "]}";
    assertThat(verdict(byUrl(), Issuer.rs256(Issuer.RSA, Issuer.claims().build())))
        .isInstanceOf(Verdict.Unavailable.class);
  }

  private static Verdict known() {
    return new Verdict.Known(ALICE);
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }

  private JwtTokens byUrl() {
    return tokens(new KeyUrl(server.url("/jwks.json"), client));
  }

  private JwtTokens byFile(Path file) {
    return tokens(new KeyFile(file));
  }

  private JwtTokens bySecret() {
    try {
      var keys = new JwtKeys(new String(SECRET, StandardCharsets.UTF_8), null, null, Duration.ZERO);
      return new JwtTokens(keys.rings(client), rules(), () -> Issuer.NOW, () -> {});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JwtTokens tokens(KeySource source) {
    var ring = new KeyRing(source, Duration.ofMinutes(5), nowNs::get);
    return new JwtTokens(List.of(ring), rules(), () -> Issuer.NOW, () -> {});
  }

  private static JwtRules rules() {
    var claims = new ClaimNames("sub", "teams", null);
    return new JwtRules("https://id.example", "parley", Duration.ofSeconds(30), claims);
  }

  private static Verdict verdict(TokenCheck tokens, String token) {
    return tokens.check(token).orTimeout(20, TimeUnit.SECONDS).join();
  }
}
