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
    for (int length : new int[] {0, 12, 15, 17, 36}) {
      byte[] bytes = binding().with(0x001C, new byte[length]).bytes();
      assertThat(new StunReader().wrap(bytes, 0, bytes.length)).as("%d", length).isFalse();
    }
    byte[] shortened = binding().with(0x001C, new byte[16]).bytes();
    assertThat(new StunReader().wrap(shortened, 0, shortened.length)).isTrue();
  }
}
