package parley.signalling.link;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import parley.signalling.link.LinkStream.Receipt;
import parley.signalling.link.LinkStream.Said;

class LinkStreamTest {

  private final LinkStream<String> stream = new LinkStream<>(10);

  @Example
  void numbersFromOne() {
    stream.resume(0);
    stream.say("a", 1);
    stream.say("b", 1);
    assertThat(stream.pollTransmit()).isEqualTo(new Said<>(1, "a", 1));
    assertThat(stream.pollTransmit()).isEqualTo(new Said<>(2, "b", 1));
    assertThat(stream.pollTransmit()).isNull();
  }

  @Example
  void keepsWhatIsSaidWithoutAConnection() {
    stream.say("a", 1);
    assertThat(stream.pollTransmit()).isNull();
    stream.resume(0);
    assertThat(stream.pollTransmit()).isEqualTo(new Said<>(1, "a", 1));
  }

  @Example
  void saysAgainWhatTheOtherEndLacks() {
    stream.resume(0);
    stream.say("a", 1);
    stream.say("b", 1);
    stream.say("c", 1);
    stream.pollTransmit();
    stream.pollTransmit();
    stream.disconnected();
    assertThat(stream.resume(1)).isTrue();
    assertThat(stream.pollTransmit()).isEqualTo(new Said<>(2, "b", 1));
    assertThat(stream.pollTransmit()).isEqualTo(new Said<>(3, "c", 1));
  }

  @Example
  void holdsNoMoreThanItsCapacity() {
    assertThat(stream.say("a", 6)).isTrue();
    assertThat(stream.say("b", 5)).isFalse();
    assertThat(stream.say("c", 4)).isTrue();
    stream.resume(0);
    stream.pollTransmit();
    assertThat(stream.onAcknowledged(1)).isTrue();
    assertThat(stream.kept()).isEqualTo(4);
    assertThat(stream.say("d", 6)).isTrue();
  }

  @Example
  void cannotGoOnFromWhatWasForgottenOrNeverSent() {
    stream.resume(0);
    stream.say("a", 1);
    stream.say("b", 1);
    stream.pollTransmit();
    assertThat(stream.onAcknowledged(2)).isFalse();
    assertThat(stream.resume(2)).isFalse();
    assertThat(stream.onAcknowledged(1)).isTrue();
    assertThat(stream.resume(0)).isFalse();
    assertThat(stream.resume(1)).isTrue();
  }

  @Example
  void takesEachNumberOnceAndInOrder() {
    assertThat(stream.onNumber(1)).isEqualTo(Receipt.NEW);
    assertThat(stream.onNumber(1)).isEqualTo(Receipt.REPEATED);
    assertThat(stream.onNumber(3)).isEqualTo(Receipt.GAP);
    assertThat(stream.onNumber(2)).isEqualTo(Receipt.NEW);
    assertThat(stream.onNumber(-1)).isEqualTo(Receipt.REPEATED);
    assertThat(stream.received()).isEqualTo(2);
  }

  @Example
  void owesAReceiptForWhatCameIn() {
    assertThat(stream.owesReceipt()).isFalse();
    stream.onNumber(1);
    assertThat(stream.owesReceipt()).isTrue();
    assertThat(stream.owesReceiptNow()).isFalse();
    for (int seq = 2; seq <= LinkStream.ACKNOWLEDGE_AFTER; seq++) {
      stream.onNumber(seq);
    }
    assertThat(stream.owesReceiptNow()).isTrue();
    stream.receiptTold();
    assertThat(stream.owesReceipt()).isFalse();
    assertThat(stream.owesReceiptNow()).isFalse();
  }
}
