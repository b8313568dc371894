package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.turn.TestMessage.binding;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** STUN itself: RFC 8489 §6.3, §7, §14. */
class StunBindingTest {

  private final TurnStage stage = new TurnStage();
  private final TestClient client = stage.client();

  @Test
  void tellsHowTheClientIsSeen() {
    TestMessage request = binding();
    TestAnswer answer = client.plain(request);
    assertThat(answer.type()).isEqualTo(0x0101);
    assertThat(answer.isOf(request)).isTrue();
    assertThat(answer.addresses(0x0020)).containsExactly(client.address);
    TestClient ipv6 = stage.client("2606:2800:220:1::9", 40_000);
    assertThat(ipv6.plain(binding()).addresses(0x0020)).containsExactly(ipv6.address);
  }

  @Test
  void answersWithAFingerprintToAFingerprint() {
    TestMessage request = binding();
    assertThat(client.plain(request).has(0x8028)).isFalse();
    byte[] bytes = request.with(0x8028, 0, 0, 0, 0).bytes();
    Bytes.put32(bytes, 24, new Integrity().fingerprint(bytes, 0, 20));
    client.raw(bytes);
    assertThat(new TestAnswer(client.inbox.remove()).hasRightFingerprint()).isTrue();
  }

  @Test
  void dropsAWrongFingerprint() {
    assertThat(client.isAnswered(binding().with(0x8028, 1, 2, 3, 4))).isFalse();
    assertThat(stage.meter.drops(TurnDrop.MALFORMED)).isEqualTo(1);
  }

  @Test
  void namesUnknownAttributesThatHaveToBeUnderstood() {
    TestAnswer answer = client.plain(binding().with(0x0003, 0, 0, 0, 6).with(0x7001, 1));
    assertThat(answer.error()).isEqualTo(420);
    assertThat(answer.value(0x000A)).containsExactly(0x00, 0x03, 0x70, 0x01);
  }

  @Test
  void passesOverThoseThatNeedNotBe() {
    assertThat(client.plain(binding().with(0x8022, 'x').with(0xFFFF, 1)).error()).isZero();
  }

  @Test
  void dropsAnswersOtherIndicationsAndUnknownMethods() {
    for (int type : new int[] {0x0101, 0x0111, 0x0011, 0x0017, 0x0103, 0x0002, 0x000A, 0x3EEF}) {
      assertThat(client.isAnswered(TestMessage.ofType(type))).as("%x", type).isFalse();
    }
  }

  @Test
  void dropsWhatIsNotWhole() {
    byte[] whole = binding().with(0x8022, 'a', 'b', 'c', 'd').bytes();
    for (int length = 0; length < whole.length; length++) {
      client.raw(Arrays.copyOf(whole, length));
    }
    client.raw(Arrays.copyOf(whole, whole.length + 4));
    byte[] otherCookie = whole.clone();
    otherCookie[4] ^= 1;
    client.raw(otherCookie);
    assertThat(client.inbox).isEmpty();
  }

  @Test
  void fingerprintHasToBeTheLast() {
    byte[] bytes = binding().with(0x8028, 0, 0, 0, 0).with(0x8022, 1).bytes();
    assertThat(new StunReader().wrap(bytes, 0, bytes.length)).isFalse();
  }

  @Test
  void integrityHasItsLength() {
    for (int length : new int[] {0, 4, 19, 21, 32}) {
      byte[] bytes = binding().with(0x0008, new byte[length]).bytes();
      assertThat(new StunReader().wrap(bytes, 0, bytes.length)).as("%d", length).isFalse();
    }
    for (int length : new int[] {0, 12, 15, 16, 17, 28, 36}) {
      byte[] bytes = binding().with(0x001C, new byte[length]).bytes();
      assertThat(new StunReader().wrap(bytes, 0, bytes.length)).as("%d", length).isFalse();
    }
    byte[] whole = binding().with(0x001C, new byte[32]).bytes();
    assertThat(new StunReader().wrap(whole, 0, whole.length)).isTrue();
  }

  @Test
  void namesAsManyUnknownAttributesAsAClientMaySend() {
    TestMessage request = binding();
    for (int i = 0; i < StunReader.MAX_UNKNOWN; i++) {
      request.with(0x7000 + i, new byte[0]);
    }
    byte[] named = client.plain(request).value(0x000A);
    assertThat(named).hasSize(2 * StunReader.MAX_UNKNOWN);
    assertThat(named).startsWith(0x70, 0x00, 0x70, 0x01);
    assertThat(Bytes.int16(named, named.length - 2)).isEqualTo(0x7000 + StunReader.MAX_UNKNOWN - 1);
  }

  /** What belongs into answers is no reason to refuse a request. */
  @Test
  void ignoresWhatItKnowsAndDoesNotExpect() {
    for (int attribute : new int[] {0x0001, 0x0009, 0x000A, 0x0016, 0x0020}) {
      assertThat(client.plain(binding().with(attribute, new byte[8])).error())
          .as("%x", attribute)
          .isZero();
    }
  }

  @Test
  void ignoresPadding() {
    byte[] bytes = binding().with(0x8022, 'x').bytes();
    Arrays.fill(bytes, bytes.length - 3, bytes.length, (byte) 0xFF);
    client.raw(bytes);
    assertThat(new TestAnswer(client.inbox.remove()).error()).isZero();
  }

  @Test
  void fillsUpWithZeros() {
    TestAnswer answer = client.plain(TestMessage.allocate()); // a realm of 11 bytes, a reason of 15
    byte[] bytes = answer.bytes();
    int padded = 0;
    for (int at = 20; at < bytes.length; at += 4 + Bytes.padded(Bytes.int16(bytes, at + 2))) {
      int length = Bytes.int16(bytes, at + 2);
      for (int i = length; i < Bytes.padded(length); i++) {
        assertThat(bytes[at + 4 + i]).isZero();
        padded++;
      }
    }
    assertThat(padded).isPositive();
  }

  @Test
  void answersTheSameQuestionTheSameWay() {
    TestMessage request = binding();
    assertThat(client.plain(request).bytes()).isEqualTo(client.plain(request).bytes());
    TestMessage refused = binding().with(0x7001, 1);
    TestAnswer answer = client.plain(refused);
    assertThat(answer.type()).isEqualTo(0x0111);
    assertThat(answer.isOf(refused)).isTrue();
    assertThat(client.plain(refused).bytes()).isEqualTo(answer.bytes());
  }

  /** RFC 8656 §12: ZRTP, DTLS, RTP and what belongs to nobody yet. */
  @Test
  void dropsWhatStartsLikeNeitherStunNorAChannel() {
    byte[] whole = binding().bytes();
    for (int first = 0; first < 256; first++) {
      if (first < 4 || (first >= 0x40 && first < 0x80)) {
        continue;
      }
      byte[] other = whole.clone();
      other[0] = (byte) first;
      client.raw(other);
      assertThat(client.inbox).as("%x", first).isEmpty();
    }
  }

  @Test
  void asksNobodyForCredentialsOrAFingerprint() {
    assertThat(client.plain(binding()).error()).isZero();
    assertThat(stage.streamClient().plain(binding()).error()).isZero();
  }

  /** RFC 8489 §6.1: what is no longer than this gets through wherever IPv4 does. */
  @Test
  void answersFitAnyPath() {
    client.sha256 = true;
    assertThat(client.plain(TestMessage.allocate()).bytes().length).isLessThan(548);
    TestMessage most = TestMessage.allocate();
    for (int i = 0; i < StunReader.MAX_UNKNOWN; i++) {
      most.with(0x7000 + i, new byte[0]);
    }
    assertThat(client.ask(most).bytes().length).isLessThan(548);
    TestMessage both = TestMessage.allocate().alsoIpv6().ticket(new byte[0]);
    assertThat(client.ask(both).bytes().length).isLessThan(548);
  }
}
