package parley.load.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TurnTest {

  private static final long WINDOW_NS = 1_000_000_000L;

  @Test
  void isExactWhenEveryPacketArrivedUnchanged() {
    assertThat(turn(1000, 0, 0, 0, 0).isExact()).isTrue();
  }

  @Test
  void failsServersThatDropSendSilenceOrMixUpListeners() {
    assertThat(turn(999, 0, 1, 0, 0).isExact()).isFalse();
    assertThat(turn(1000, 1, 0, 0, 0).isExact()).isFalse();
    assertThat(turn(1000, 0, 2, 0, 0).isExact()).isFalse();
  }

  @Test
  void isNoisyWhenOthersTookTheProcessor() {
    assertThat(turn(1000, 0, 0, WINDOW_NS / 10, 0).isNoisy()).isTrue();
    assertThat(turn(1000, 0, 0, WINDOW_NS / 100, 0).isNoisy()).isFalse();
  }

  @Test
  void isNoisyWhenTheGeneratorWasHeldUp() {
    assertThat(turn(1000, 0, 0, 0, 30_000_000).isNoisy()).isTrue();
  }

  @Test
  void countsTimeByPacketsThatArrived() {
    Turn turn = turn(500, 0, 10, 0, 0);
    assertThat(turn.userUs()).isEqualTo(4);
    assertThat(turn.cpuUs()).isEqualTo(10);
    assertThat(turn.lost()).isCloseTo(0.5, within(1e-9));
  }

  private static Turn turn(
      long heard, long wrong, int listenersShort, long othersNs, long generatorLateNs) {
    return new Turn(
        1000,
        heard,
        wrong,
        listenersShort,
        2_000_000,
        3_000_000,
        WINDOW_NS,
        othersNs,
        1,
        2,
        3,
        0,
        generatorLateNs);
  }
}
