package parley.load.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is measured does what it says, else it would be fast for nothing. */
class PiecesTest {

  @Test
  void everyPacketGoesToEverybodyElse() {
    RoutedCall call = new RoutedCall(10);
    for (int i = 0; i < 100; i++) {
      long _ = call.speak();
    }
    long before = call.speak();

    assertThat(call.speak() - before).isEqualTo(9);
  }

  @Test
  void turnRelaysBothWays() {
    RelayedPair pair = new RelayedPair();
    long before = pair.channelToPeer();

    assertThat(pair.peerToChannel()).isEqualTo(before + 1);
    assertThat(pair.sendIndication()).isEqualTo(before + 2);
  }

  @Test
  void srtpUnprotectsWhatItProtected() {
    SrtpBenchmark srtp = new SrtpBenchmark();

    assertThat(srtp.protectAndUnprotect()).isTrue();
    assertThat(srtp.protectAndUnprotect()).isTrue();
  }

  @Test
  void aCheckIsParsedAndAnswered() {
    StunBenchmark stun = new StunBenchmark();

    assertThat(stun.parse()).isNotNull();
    assertThat(stun.answer()).isNotEmpty();
  }

  @Test
  void headersAreReadAndWritten() {
    HeaderBenchmark headers = new HeaderBenchmark();

    assertThat(headers.read()).isTrue();
    assertThat(headers.rewrite()).isGreaterThanOrEqualTo(12);
  }
}
