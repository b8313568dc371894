package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static parley.relay.turn.TestMessage.allocate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RFC 8489 §9.2, and the convention of time-limited credentials. */
class AuthenticationTest {

  private final TurnStage stage = new TurnStage();
  private final TestClient client = stage.client();

  @Test
  void challengesWhoSendsNoIntegrity() {
    TestAnswer answer = client.plain(allocate());
    assertThat(answer.error()).isEqualTo(401);
    assertThat(answer.text(0x0014)).isEqualTo(TurnStage.REALM);
    assertThat(answer.text(0x0015)).startsWith("obMatJos2");
    assertThat(answer.value(0x8002)).containsExactly(0, 2, 0, 0, 0, 1, 0, 0);
    assertThat(answer.has(0x0006)).isFalse();
    assertThat(answer.has(0x0008)).isFalse();
    assertThat(stage.open).isEmpty();
  }

  @Test
  void challengesEveryMethodButBinding() {
    assertThat(client.plain(TestMessage.refresh(600)).error()).isEqualTo(401);
    assertThat(client.plain(TestMessage.createPermission()).error()).isEqualTo(401);
    assertThat(client.plain(TestMessage.channelBind()).error()).isEqualTo(401);
    assertThat(client.plain(TestMessage.binding()).error()).isZero();
  }

  @Test
  void neverChallengesAnIndication() {
    assertThat(client.isAnswered(TestMessage.sendIndication())).isFalse();
  }

  @Test
  void saysInTheNonceWhatItKnows() {
    String nonce = client.plain(allocate()).text(0x0015);
    byte[] features = Base64.getDecoder().decode(nonce.substring(9, 13));
    assertThat(features).containsExactly(0xC0, 0, 0); // algorithms, anonymity
    var limited = new TurnStage(settings -> settings.secrets("s"));
    String other = limited.client().plain(allocate()).text(0x0015);
    // Names that hold an expiry are known by their hash to nobody.
    assertThat(Base64.getDecoder().decode(other.substring(9, 13))).containsExactly(0x80, 0, 0);
  }

  @Test
  void takesTheClassicKey() {
    TestAnswer answer = client.ask(allocate());
    assertThat(answer.error()).isZero();
    assertThat(answer.isStrong()).isFalse();
    assertThat(answer.isSealedWith(client.key())).isTrue();
  }

  @Test
  void takesSha256AndAnswersWithIt() {
    client.sha256 = true;
    TestAnswer answer = client.ask(allocate());
    assertThat(answer.error()).isZero();
    assertThat(answer.isStrong()).isTrue();
    assertThat(answer.isSealedWith(client.key())).isTrue();
    assertThat(answer.has(0x0008)).isFalse();
  }

  @Test
  void takesAHashInsteadOfTheName() {
    String nonce = client.plain(allocate()).text(0x0015);
    byte[] hash = TestMessage.key("SHA-256", "alice", "example.org", "x");
    TestMessage request =
        allocate()
            .with(0x001E, PasswordAlgorithm.userHash("alice", TurnStage.REALM))
            .text(0x0014, TurnStage.REALM)
            .text(0x0015, nonce)
            .integrity(client.key(), true);
    assertThat(client.plain(request).error()).isZero();
    TestClient stranger = stage.client("203.0.113.5", 40_001);
    TestMessage unknown =
        allocate()
            .with(0x001E, hash)
            .text(0x0014, TurnStage.REALM)
            .text(0x0015, stranger.plain(allocate()).text(0x0015))
            .integrity(client.key(), true);
    assertThat(stranger.plain(unknown).error()).isEqualTo(401);
  }

  @Test
  void refusesIntegrityWithoutNameRealmOrNonce() {
    String nonce = client.plain(allocate()).text(0x0015);
    byte[] key = client.key();
    assertThat(
            client
                .plain(
                    allocate()
                        .text(0x0014, TurnStage.REALM)
                        .text(0x0015, nonce)
                        .integrity(key, false))
                .error())
        .isEqualTo(400);
    assertThat(
            client
                .plain(allocate().text(0x0006, "alice").text(0x0015, nonce).integrity(key, false))
                .error())
        .isEqualTo(400);
    assertThat(
            client
                .plain(
                    allocate()
                        .text(0x0006, "alice")
                        .text(0x0014, TurnStage.REALM)
                        .integrity(key, false))
                .error())
        .isEqualTo(400);
  }

  @Test
  void refusesAnotherOfferOfAlgorithmsThanWasMade() {
    String nonce = client.plain(allocate()).text(0x0015);
    assertThat(withAlgorithms(nonce, new int[] {0, 1, 0, 0}, new int[] {0, 1, 0, 0}))
        .isEqualTo(400); // somebody on the way took the stronger one out
    assertThat(withAlgorithms(nonce, new int[] {0, 2, 0, 0, 0, 1, 0, 0}, null)).isEqualTo(400);
    assertThat(withAlgorithms(nonce, null, new int[] {0, 1, 0, 0})).isEqualTo(400);
    assertThat(withAlgorithms(nonce, new int[] {0, 2, 0, 0, 0, 1, 0, 0}, new int[] {0, 9, 0, 0}))
        .isEqualTo(400);
    assertThat(withAlgorithms(nonce, new int[] {0, 2, 0, 0, 0, 1, 0, 0}, new int[] {0, 1, 0, 4}))
        .isEqualTo(400);
    assertThat(withAlgorithms(nonce, new int[] {0, 2, 0, 0, 0, 1, 0, 0}, new int[] {0, 1, 0, 0}))
        .isZero();
  }

  private int withAlgorithms(String nonce, int @Nullable [] offered, int @Nullable [] chosen) {
    TestMessage request =
        allocate().text(0x0006, "alice").text(0x0014, TurnStage.REALM).text(0x0015, nonce);
    if (offered != null) {
      request.with(0x8002, offered);
    }
    if (chosen != null) {
      request.with(0x001D, chosen);
    }
    return client.plain(request.integrity(client.key(), false)).error();
  }

  @Test
  void refusesAWrongPasswordAnUnknownUserAndAnotherRealm() {
    TestAnswer answer = client.as("alice", "wrong").ask(allocate());
    assertThat(answer.error()).isEqualTo(401);
    assertThat(answer.text(0x0014)).isEqualTo(TurnStage.REALM);
    assertThat(answer.has(0x0015)).isTrue();
    assertThat(answer.has(0x8002)).isTrue();
    assertThat(answer.has(0x0006)).isFalse();
    TestAnswer unknown = client.as("nobody", "wonderland").ask(allocate());
    assertThat(unknown.error()).isEqualTo(401);
    assertThat(unknown.text(0x0014)).isEqualTo(TurnStage.REALM);
    assertThat(unknown.has(0x0015)).isTrue();
    assertThat(unknown.has(0x8002)).isTrue();
    byte[] key = TestMessage.key("MD5", "alice", "elsewhere", "wonderland");
    TestMessage elsewhere =
        allocate()
            .text(0x0006, "alice")
            .text(0x0014, "elsewhere")
            .text(0x0015, String.valueOf(client.nonce))
            .integrity(key, false);
    assertThat(client.plain(elsewhere).error()).isEqualTo(401);
    assertThat(stage.open).isEmpty();
  }

  @Test
  void doesNotBelieveWhatStandsBehindTheIntegrity() {
    TestMessage request = client.signed(allocate()).evenPort(true);
    TestAnswer answer = client.plain(request);
    assertThat(answer.error()).isZero();
    assertThat(answer.has(0x0022)).isFalse();
  }

  @Test
  void asksAgainWhenTheNonceIsOld() {
    client.allocate();
    stage.pass(Duration.ofMinutes(9));
    assertThat(client.ask(TestMessage.refresh(600)).error()).isZero();
    stage.pass(Duration.ofMinutes(6));
    TestAnswer stale = client.ask(TestMessage.refresh(600));
    assertThat(stale.error()).isEqualTo(438);
    assertThat(stale.text(0x0014)).isEqualTo(TurnStage.REALM);
    assertThat(stale.has(0x8002)).isTrue();
    assertThat(stale.has(0x0006)).isFalse();
    client.nonce = stale.text(0x0015);
    assertThat(client.ask(TestMessage.refresh(600)).error()).isZero();
  }

  @Test
  void takesANonceOnlyFromTheAddressAndPortItWasSentTo() {
    client.allocate();
    TestClient thief = stage.client("203.0.113.66", 40_000);
    thief.nonce = client.nonce;
    assertThat(thief.ask(allocate()).error()).isEqualTo(438);
    TestClient neighbour = stage.client("203.0.113.5", 40_001);
    neighbour.nonce = client.nonce;
    assertThat(neighbour.ask(allocate()).error()).isEqualTo(438);
  }

  @Test
  void givesNoTwoPortsTheSameNonceInTheSameMoment() {
    String one = client.plain(allocate()).text(0x0015);
    String other = stage.client("203.0.113.5", 40_001).plain(allocate()).text(0x0015);
    assertThat(one).isNotEqualTo(other).hasSizeLessThan(128);
  }

  /** Not how the request is protected counts, but whether an algorithm was chosen. */
  @Test
  void answersWithSha256ToWhoChoseAnAlgorithmAndToNobodyElse() {
    String nonce = client.plain(allocate()).text(0x0015);
    TestMessage chosen =
        allocate()
            .text(0x0006, "alice")
            .text(0x0014, TurnStage.REALM)
            .text(0x0015, nonce)
            .with(0x8002, 0, 2, 0, 0, 0, 1, 0, 0)
            .with(0x001D, 0, 1, 0, 0)
            .integrity(client.key(), false);
    TestAnswer strong = client.plain(chosen);
    assertThat(strong.isStrong()).isTrue();
    assertThat(strong.has(0x0008)).isFalse();
    assertThat(strong.isSealedWith(client.key())).isTrue();
    TestMessage silent =
        TestMessage.refresh(600)
            .text(0x0006, "alice")
            .text(0x0014, TurnStage.REALM)
            .text(0x0015, nonce)
            .integrity(client.key(), true);
    TestAnswer classic = client.plain(silent);
    assertThat(classic.error()).isZero();
    assertThat(classic.isStrong()).isFalse();
    assertThat(classic.isSealedWith(client.key())).isTrue();
  }

  @Test
  void readsNamesOf763Bytes() {
    client.nonce = client.plain(allocate()).text(0x0015);
    assertThat(client.as("a".repeat(763), "x").ask(allocate()).error()).isEqualTo(401);
  }

  @Test
  void hasNoLongerNamesAndRealmsThanFitTheirAttributes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TurnCredentials("r".repeat(128), Map.of(), List.of("secret")))
        .withMessageContaining("realm");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TurnCredentials("example.org", Map.of("\u00E9".repeat(255), "x"), List.of()))
        .withMessageContaining("user name");
  }

  @Test
  void keepsKeysAndNoPasswords() throws Exception {
    var credentials = new TurnCredentials("example.org", Map.of("alice", "hush"), List.of());
    TurnUser user = credentials.ofName("alice", 0).getFirst();
    for (var component : TurnUser.class.getRecordComponents()) {
      assertThat(String.valueOf(component.getAccessor().invoke(user))).doesNotContain("hush");
    }
    assertThat(user.key(PasswordAlgorithm.SHA256))
        .isEqualTo(TestMessage.key("SHA-256", "alice", "example.org", "hush"));
  }

  @Test
  void namesEveryErrorByACodeAndAReasonThatFit() {
    for (StunError error : StunError.values()) {
      assertThat(error.code()).isBetween(300, 699);
      assertThat(error.reason()).hasSizeBetween(1, 127);
    }
  }

  @Test
  void takesNoNonceThatItDidNotMake() {
    String nonce = client.plain(allocate()).text(0x0015);
    for (String forged :
        new String[] {
          "",
          "x",
          "obMatJos2",
          "obMatJos2wAAA",
          nonce + "A",
          nonce.substring(1),
          nonce.substring(0, nonce.length() - 4) + "AAAA",
          "obMatJos2!!!!" + nonce.substring(13)
        }) {
      client.nonce = forged;
      assertThat(client.ask(allocate()).error()).as(forged).isIn(400, 438);
    }
  }

  @Test
  void takesTimeLimitedCredentialsUntilTheyRunOut() throws Exception {
    var limited = new TurnStage(settings -> settings.secrets("old secret", "north wind"));
    long later = limited.wallClock.getEpochSecond() + 60;
    TestClient one = limited.client().as(later + ":carol", password("north wind", later, "carol"));
    assertThat(one.ask(allocate()).error()).isZero();
    TestClient two =
        limited.client("203.0.113.5", 2).as(later + ":dave", password("old secret", later, "dave"));
    assertThat(two.ask(allocate()).error()).isZero();
    limited.pass(Duration.ofMinutes(1));
    TestClient late =
        limited.client("203.0.113.5", 3).as(later + ":eve", password("north wind", later, "eve"));
    assertThat(late.ask(allocate()).error()).isEqualTo(401);
  }

  @Test
  void keepsAnAllocationWhoseCredentialsRanOut() throws Exception {
    var limited = new TurnStage(settings -> settings.secrets("north wind"));
    long later = limited.wallClock.getEpochSecond() + 60;
    TestClient one = limited.client().as(later + ":carol", password("north wind", later, "carol"));
    one.ask(allocate());
    limited.pass(Duration.ofMinutes(5));
    assertThat(one.ask(TestMessage.refresh(600)).error()).isZero();
    assertThat(one.permit(TurnStage.PEER)).isZero();
    one.ask(TestMessage.refresh(0));
    assertThat(one.ask(allocate()).error()).isEqualTo(401);
  }

  @Test
  void makesThePasswordAsCoturnDoes() {
    // printf '1763812800:alice' | openssl dgst -sha1 -hmac north -binary | base64
    var credentials = new TurnCredentials("example.org", Map.of(), List.of("north"));
    assertThat(credentials.ofName("1763812800:alice", 1_763_812_799L))
        .singleElement()
        .satisfies(
            user -> {
              assertThat(user.name()).isEqualTo("alice");
              assertThat(user.key(PasswordAlgorithm.MD5))
                  .isEqualTo(
                      TestMessage.key(
                          "MD5",
                          "1763812800:alice",
                          "example.org",
                          "8iNoJlS9/5y4KpyP7k06GZmlIhI="));
            });
    assertThat(credentials.ofName("1763812800", 0)).hasSize(1);
    assertThat(credentials.ofName("1763812800:alice", 1_763_812_800L)).isEmpty();
    assertThat(credentials.ofName("alice", 0)).isEmpty();
    assertThat(credentials.ofName(":alice", 0)).isEmpty();
    assertThat(credentials.ofName("9999999999999999999999:alice", 0)).isEmpty();
    assertThat(credentials.ofName("-5:alice", -10)).isEmpty();
  }

  private static String password(String secret, long expiry, String name) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    return Base64.getEncoder()
        .encodeToString(mac.doFinal((expiry + ":" + name).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void stopsAnsweringWhoGuesses() {
    client.allocate();
    TestClient guesser = stage.client("203.0.113.77", 1).as("alice", "wrong");
    int answered = 0;
    guesser.ask(allocate());
    for (int i = 0; i < 100; i++) {
      answered += guesser.isAnswered(guesser.signed(allocate())) ? 1 : 0;
    }
    assertThat(answered).isLessThan(12);
    assertThat(stage.meter.drops(TurnDrop.FAILED_TOO_OFTEN)).isGreaterThan(80);
    // Neither the same name elsewhere nor another one there is shut out.
    assertThat(client.ask(TestMessage.refresh(600)).error()).isZero();
    TestClient neighbour = stage.client("203.0.113.77", 2).as("bob", "builder");
    assertThat(neighbour.ask(allocate()).error()).isZero();
    stage.pass(Duration.ofMinutes(1));
    assertThat(guesser.as("alice", "wonderland").ask(allocate()).error()).isZero();
  }

  /** Who has a connection does not ask again, and would wait for good. */
  @Test
  void tellsWhoGuessesOnAStreamThatItLooksNoMore() {
    TestClient guesser = stage.streamClient().as("alice", "wrong");
    for (int i = 0; i < 10; i++) {
      assertThat(guesser.ask(allocate()).error()).isEqualTo(401);
    }
    assertThat(guesser.ask(allocate()).error()).isEqualTo(500);
    assertThat(guesser.as("alice", "wonderland").ask(allocate()).error()).isEqualTo(500);
    assertThat(stage.meter.drops(TurnDrop.FAILED_TOO_OFTEN)).isEqualTo(2);
  }

  @Test
  void keepsAnAllocationWhileSomebodyAtItsAddressGuessesItsPassword() {
    client.allocate();
    String address = client.address.getAddress().getHostAddress();
    TestClient guesser = stage.client(address, 9).as("alice", "wrong");
    guesser.ask(allocate());
    for (int i = 0; i < 100; i++) {
      guesser.isAnswered(guesser.signed(allocate()));
    }
    assertThat(client.ask(TestMessage.refresh(600)).error()).isZero();
    assertThat(client.permit(TurnStage.PEER)).isZero();
  }

  @Test
  void stopsAnsweringAnAddressThatTriesOneNameAfterAnother() {
    TestClient guesser = stage.client("203.0.113.77", 1).as("user", "wrong");
    guesser.ask(allocate());
    int answered = 0;
    for (int i = 0; i < 400; i++) {
      guesser.as("user" + i, "wrong");
      answered += guesser.isAnswered(guesser.signed(allocate())) ? 1 : 0;
    }
    assertThat(answered).isLessThan(110);
  }

  @Test
  void isNoAmplifier() {
    int request = TestMessage.allocate().bytes().length;
    int answered = 0;
    int bytes = 0;
    for (int i = 0; i < 10_000; i++) {
      client.raw(TestMessage.allocate().bytes());
      byte[] answer = client.inbox.poll();
      if (answer != null) {
        answered++;
        bytes += answer.length;
      }
    }
    assertThat(answered).isLessThanOrEqualTo(401);
    assertThat(bytes).isLessThan(10_000 * request);
    assertThat(client.isAnswered(TestMessage.binding())).isFalse();
    assertThat(stage.client("203.0.113.99", 1).isAnswered(TestMessage.binding())).isTrue();
    stage.pass(Duration.ofSeconds(1));
    assertThat(client.isAnswered(TestMessage.binding())).isTrue();
  }

  @Test
  void preparesNamesAndPasswordsAlike() {
    assertThat(OpaqueString.of("a\u00A0b")).isEqualTo("a b");
    assertThat(OpaqueString.of("e\u0301")).isEqualTo("\u00E9");
    assertThat(OpaqueString.of("\uFF21")).isEqualTo("\uFF21"); // no width mapping
    assertThatIllegalArgumentException().isThrownBy(() -> OpaqueString.of("a\u0000b"));
    assertThatIllegalArgumentException().isThrownBy(() -> OpaqueString.of(""));
    var unicode = new TurnCredentials("example.org", Map.of("ren\u00E9", "x"), List.of());
    assertThat(unicode.ofName("rene\u0301", 0)).hasSize(1);
  }

  @Test
  void tellsNoSecrets() {
    var credentials = new TurnCredentials("example.org", Map.of("alice", "hush"), List.of("quiet"));
    assertThat(credentials.toString()).doesNotContain("hush", "quiet");
    assertThat(credentials.ofName("alice", 0).getFirst().toString()).isEqualTo("TurnUser[alice]");
    byte[] key = {1, 2, 3};
    assertThat(new Login("alice", "alice", key, PasswordAlgorithm.MD5, key).toString())
        .doesNotContain(HexFormat.of().formatHex(key));
  }
}
