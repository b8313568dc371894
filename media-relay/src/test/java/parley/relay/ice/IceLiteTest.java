package parley.relay.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import parley.relay.stun.Ice4jStunCodec;
import parley.relay.stun.StunCodec;
import parley.relay.stun.StunMessage;
import parley.relay.stun.TestChecks;

class IceLiteTest {

  private static final IceCredentials LOCAL =
      new IceCredentials("relayufr", "relay-password-of-24-char");
  private static final IceCredentials REMOTE =
      new IceCredentials("peerufrg", "peer-password-of-24-chars");
  private static final IceCredentials LOCAL_2 =
      new IceCredentials("relayuf2", "second-password-of-24-chr");
  private static final IceCredentials REMOTE_2 =
      new IceCredentials("peerufr2", "second-peer-password-24-c");
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

  private static final CandidatePair HOME = pair("192.0.2.7:40000");
  private static final CandidatePair MOBILE = pair("198.51.100.9:50000");

  private final StunCodec codec = new Ice4jStunCodec();
  private final IceLite ice = new IceLite(codec, LOCAL, REMOTE, Duration.ofSeconds(30), START);

  @Test
  void answersACheckToWhereItCameFrom() {
    check(LOCAL, HOME, false, 0);

    Transmit answer = Objects.requireNonNull(ice.pollTransmit());
    assertThat(answer.pair()).isEqualTo(HOME);
    StunMessage success = parse(answer.data());
    assertThat(success.kind()).isEqualTo(StunMessage.Kind.SUCCESS);
    assertThat(codec.verify(success, LOCAL.pwd())).isTrue();
    assertThat(ice.pollTransmit()).isNull();
  }

  @Test
  void selectsNothingBeforeACheck() {
    assertThat(ice.selected()).isNull();
  }

  @Test
  void selectsTheNewestValidPairUntilOneIsNominated() {
    check(LOCAL, HOME, false, 0);
    check(LOCAL, MOBILE, false, 1);
    assertThat(ice.selected()).isEqualTo(MOBILE);

    check(LOCAL, HOME, true, 2);
    check(LOCAL, MOBILE, false, 3);
    assertThat(ice.selected()).isEqualTo(HOME);
  }

  @Test
  void followsTheNewestNomination() {
    check(LOCAL, HOME, true, 0);
    check(LOCAL, MOBILE, true, 1);

    assertThat(ice.selected()).isEqualTo(MOBILE);
  }

  @Test
  void whatIsHeardRenewsTheConsentOfAPairThatWasCheckedAndOfNoOther() {
    check(LOCAL, HOME, true, 0);
    ice.onHeard(MOBILE.remote(), at(29_000));
    assertThat(ice.consentLapsed(at(30_000))).isTrue();

    ice.onHeard(HOME.remote(), at(29_000));
    assertThat(ice.consentLapsed(at(30_000))).isFalse();
    assertThat(ice.nextDeadlineNs()).isEqualTo(at(59_000));
    assertThat(ice.consentLapsed(at(59_000))).isTrue();

    ice.onMedia(MOBILE); // it goes there, but has not been checked
    ice.onHeard(MOBILE.remote(), at(58_000));
    assertThat(ice.consentLapsed(at(59_000))).isTrue();
  }

  @Test
  void dropsCheckWithWrongPassword() {
    send(
        TestChecks.bindingRequest().username("relayufr:peerufrg").useCandidate().signed("wrong"),
        HOME,
        1);

    assertThat(ice.selected()).isNull();
    assertThat(nextErrorCode()).isEqualTo(401);
    assertThat(ice.rejectedChecks()).isEqualTo(1);
    assertThat(ice.nextDeadlineNs()).isEqualTo(START + Duration.ofSeconds(30).toNanos());
  }

  @Test
  void dropsCheckForAnotherUfrag() {
    send(TestChecks.bindingRequest().username("other:peerufrg").signed(LOCAL.pwd()), HOME, 1);

    assertThat(ice.selected()).isNull();
    assertThat(nextErrorCode()).isEqualTo(401);
  }

  @Test
  void refusesCheckWithoutUsernameOrIntegrity() {
    send(TestChecks.bindingRequest().signed(LOCAL.pwd()), HOME, 0);
    assertThat(nextErrorCode()).isEqualTo(400);

    send(TestChecks.bindingRequest().username("relayufr:peerufrg").unsigned(), HOME, 0);
    assertThat(nextErrorCode()).isEqualTo(400);
    assertThat(ice.selected()).isNull();
  }

  @Test
  void tellsAControlledPeerThatRolesConflict() {
    byte[] request =
        TestChecks.bindingRequest()
            .username("relayufr:peerufrg")
            .controlled(Long.MIN_VALUE)
            .signed(LOCAL.pwd());
    send(request, HOME, 0);

    assertThat(nextErrorCode()).isEqualTo(487);
    assertThat(ice.selected()).isNull();
  }

  @Test
  void refusesAttributesItMustUnderstandButDoesNot() {
    byte[] request =
        TestChecks.bindingRequest()
            .username("relayufr:peerufrg")
            .attribute(0x7f00, new byte[4])
            .signed(LOCAL.pwd());
    send(request, HOME, 0);

    assertThat(nextErrorCode()).isEqualTo(420);
  }

  @Test
  void ignoresIndicationsResponsesAndOtherMethods() {
    for (int type : new int[] {0x0011, 0x0101, 0x0111, 0x0003}) {
      send(TestChecks.message(type).username("relayufr:peerufrg").signed(LOCAL.pwd()), HOME, 0);
    }

    assertThat(ice.pollTransmit()).isNull();
    assertThat(ice.selected()).isNull();
  }

  @Test
  void expiresConsentAfterThirtySeconds() {
    check(LOCAL, HOME, true, 5_000);

    assertThat(ice.nextDeadlineNs()).isEqualTo(at(35_000));
    assertThat(ice.consentLapsed(at(34_999))).isFalse();
    assertThat(ice.consentLapsed(at(35_000))).isTrue();
  }

  @Test
  void keepsConsentAsLongAsChecksCome() {
    for (int second = 0; second < 120; second += 5) {
      check(LOCAL, HOME, second == 0, second * 1000L);
      assertThat(ice.consentLapsed(at(second * 1000L + 29_000))).isFalse();
    }
  }

  @Test
  void expiresWithoutAnyCheckAtAll() {
    assertThat(ice.consentLapsed(at(29_999))).isFalse();
    assertThat(ice.consentLapsed(at(30_000))).isTrue();
  }

  @Test
  void takesConsentOnlyFromTheSelectedPair() {
    check(LOCAL, HOME, true, 0);
    check(LOCAL, MOBILE, false, 6_000);

    assertThat(ice.selected()).isEqualTo(HOME);
    assertThat(ice.consentLapsed(at(30_000))).isTrue();
  }

  @Test
  void followsAPeerWhoKeepsAnotherPairThanItNominatedLast() {
    check(LOCAL, MOBILE, true, 0);
    check(LOCAL, HOME, true, 100);
    for (int ms = 5_000; ms <= 60_000; ms += 5_000) {
      check(LOCAL, MOBILE, false, ms);
      assertThat(ice.consentLapsed(at(ms + 5_000))).isFalse();
    }

    assertThat(ice.selected()).isEqualTo(MOBILE);
  }

  @Test
  void doesNotFollowChecksOfAGenerationThatIsOver() {
    check(LOCAL, HOME, true, 0);
    ice.restart(LOCAL_2, REMOTE_2, at(1000));
    check(LOCAL, MOBILE, false, 20_000);

    assertThat(ice.selected()).isEqualTo(HOME);
  }

  @Test
  void restartKeepsTheOldPairUntilANewOneIsNominated() {
    check(LOCAL, HOME, true, 0);

    ice.restart(LOCAL_2, REMOTE_2, at(1000));
    assertThat(ice.local()).isEqualTo(LOCAL_2);
    assertThat(ice.selected()).isEqualTo(HOME);
    assertThat(ice.owns("relayufr")).isTrue();
    assertThat(ice.owns("relayuf2")).isTrue();

    check(LOCAL, HOME, false, 1500);
    check(LOCAL_2, MOBILE, false, 2000);
    assertThat(ice.selected()).isEqualTo(HOME);

    check(LOCAL_2, MOBILE, true, 2500);
    assertThat(ice.selected()).isEqualTo(MOBILE);
    assertThat(ice.owns("relayufr")).isFalse();
  }

  @Test
  void restartBeforeAnyCheckUsesTheNewestValidPair() {
    ice.restart(LOCAL_2, REMOTE_2, at(1000));
    check(LOCAL_2, MOBILE, false, 2000);

    assertThat(ice.selected()).isEqualTo(MOBILE);
  }

  @Test
  void secondRestartKeepsTheGenerationThatWorks() {
    check(LOCAL, HOME, true, 0);
    ice.restart(LOCAL_2, REMOTE_2, at(1000));
    ice.restart(new IceCredentials("relayuf3", LOCAL_2.pwd()), REMOTE_2, at(2000));

    assertThat(ice.selected()).isEqualTo(HOME);
    assertThat(ice.owns("relayufr")).isTrue();
    assertThat(ice.owns("relayuf2")).isFalse();
  }

  @Test
  void restartGivesThePeerTimeToFindANewPair() {
    check(LOCAL, HOME, true, 0);
    ice.restart(LOCAL_2, REMOTE_2, at(29_000));

    assertThat(ice.consentLapsed(at(58_999))).isFalse();
    assertThat(ice.consentLapsed(at(59_000))).isTrue();
  }

  @Test
  void mediaMovesTheSelectedPairButIsNoConsent() {
    check(LOCAL, pair("203.0.113.1:4000"), true, 0);

    ice.onMedia(pair("203.0.113.1:5000"));

    assertThat(ice.selected()).isEqualTo(pair("203.0.113.1:5000"));
    assertThat(ice.consentLapsed(at(29_999))).isFalse();
    assertThat(ice.consentLapsed(at(30_000))).isTrue();
  }

  @Test
  void aCheckWhereTheMediaWentIsConsent() {
    check(LOCAL, pair("203.0.113.1:4000"), true, 0);
    ice.onMedia(pair("203.0.113.1:5000"));

    check(LOCAL, pair("203.0.113.1:5000"), false, 5_000);

    assertThat(ice.selected()).isEqualTo(pair("203.0.113.1:5000"));
    assertThat(ice.consentLapsed(at(34_999))).isFalse();
  }

  @Test
  void mediaMovesTheOldPairWhileARestartHasNone() {
    check(LOCAL, pair("203.0.113.1:4000"), true, 0);
    ice.restart(LOCAL_2, REMOTE_2, at(1_000));

    ice.onMedia(pair("203.0.113.1:5000"));
    assertThat(ice.selected()).isEqualTo(pair("203.0.113.1:5000"));

    check(LOCAL_2, pair("203.0.113.1:6000"), true, 2_000);
    assertThat(ice.selected()).isEqualTo(pair("203.0.113.1:6000"));
  }

  @Test
  void unknownUsernameFloodDoesNotGrow() {
    byte[] request = TestChecks.bindingRequest().username("nobody:x").signed("guess");
    for (int i = 0; i < 10_000; i++) {
      send(request, pair("203.0.113.1:" + (1024 + i)), 0);
    }

    int answers = 0;
    while (ice.pollTransmit() != null) {
      answers++;
    }
    assertThat(answers).isLessThanOrEqualTo(16);
    assertThat(ice.selected()).isNull();
    assertThat(ice.rejectedChecks()).isEqualTo(10_000);
  }

  @Test
  void randomCredentialsAreLongEnoughAndKeptOutOfLogs() {
    IceCredentials credentials = IceCredentials.random(new SecureRandom());

    assertThat(credentials.ufrag()).matches("[A-Za-z0-9+/]{8}");
    assertThat(credentials.pwd()).matches("[A-Za-z0-9+/]{24}");
    assertThat(credentials.toString()).doesNotContain(credentials.pwd());
    assertThat(IceCredentials.random(new SecureRandom())).isNotEqualTo(credentials);
  }

  private void check(IceCredentials to, CandidatePair pair, boolean useCandidate, long ms) {
    TestChecks request =
        TestChecks.bindingRequest()
            .username(to.ufrag() + ":peerufrg")
            .priority(0x6e0001ff)
            .controlling(77);
    send((useCandidate ? request.useCandidate() : request).signed(to.pwd()), pair, ms);
  }

  private void send(byte[] data, CandidatePair pair, long ms) {
    ice.onRequest(parse(data), pair, at(ms));
  }

  private StunMessage parse(byte[] data) {
    return Objects.requireNonNull(codec.tryParse(data, 0, data.length));
  }

  /** ERROR-CODE's class and number (RFC 8489 §14.8). */
  private int nextErrorCode() {
    Transmit answer = Objects.requireNonNull(ice.pollTransmit());
    assertThat(parse(answer.data()).kind()).isEqualTo(StunMessage.Kind.ERROR);
    String hex = HexFormat.of().formatHex(answer.data());
    int value = hex.indexOf("0009", 40) + 12;
    return Integer.parseInt(hex.substring(value, value + 2), 16) * 100
        + Integer.parseInt(hex.substring(value + 2, value + 4), 16);
  }

  private static long at(long ms) {
    return START + Duration.ofMillis(ms).toNanos();
  }

  private static CandidatePair pair(String remote) {
    String[] parts = remote.split(":", 2);
    return new CandidatePair(
        new InetSocketAddress("192.0.2.1", 10000),
        new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
  }
}
