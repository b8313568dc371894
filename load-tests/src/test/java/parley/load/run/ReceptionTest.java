package parley.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReceptionTest {

  private static final long TRANSIT_NS = 3_000_000;

  private final Reception stream = new Reception(1);

  @Test
  void countsGapsAcrossTheRollOver() {
    for (int i = 65_500; i < 65_600; i++) {
      if (i % 10 != 7) {
        stream.onPacket(i & 0xffff, TRANSIT_NS);
      }
    }
    Reception.Stretch stretch = stream.take();
    assertThat(stretch.expected()).isEqualTo(100);
    assertThat(stretch.lost()).isEqualTo(10);
    assertThat(stretch.mos()).isBetween(2.0, 3.5);
  }

  @Test
  void takesBackALossWhenThePacketComesAfterAll() {
    stream.onPacket(10, TRANSIT_NS);
    stream.onPacket(12, TRANSIT_NS);
    assertThat(stream.take().lost()).isEqualTo(1);
    stream.onPacket(11, TRANSIT_NS);
    stream.onPacket(13, TRANSIT_NS);
    assertThat(stream.take().lost()).isEqualTo(-1);
  }

  @Test
  void countsTheServersOwnSilenceAsNoLoss() {
    stream.onPacket(10, TRANSIT_NS);
    stream.onNumber(11);
    stream.onPacket(12, TRANSIT_NS);
    assertThat(stream.take().lost()).isZero();
  }

  @Test
  void hasNoOpinionOfAFewPackets() {
    stream.onPacket(1, TRANSIT_NS);
    assertThat(stream.take().mos()).isNull();
  }

  @Test
  void thinksWellOfWhatComesSoonEvenlyAndWhole() {
    for (int i = 0; i < 100; i++) {
      stream.onPacket(i, TRANSIT_NS);
    }
    assertThat(stream.take().mos()).isGreaterThan(4.3);
  }
}
