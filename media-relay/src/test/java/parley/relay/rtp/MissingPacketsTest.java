package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MissingPacketsTest {

  private static final long MS = 1_000_000L;

  private final MissingPackets missing = new MissingPackets();

  @Test
  void asksForAGapInOneRequest() {
    missing.on(65_534, 0);
    missing.on(3, 0);

    assertThat(missing.poll(20 * MS)).isTrue();
    assertThat(missing.first()).isEqualTo(65_535);
    assertThat(missing.following()).isEqualTo(0b111); // 0, 1, 2
  }

  @Test
  void waitsAMomentForWhatWasOvertaken() {
    missing.on(10, 0);
    missing.on(12, 0);
    assertThat(missing.poll(5 * MS)).isFalse();
    missing.on(11, 6 * MS);

    assertThat(missing.poll(50 * MS)).isFalse();
  }

  @Test
  void asksThreeTimesAndGivesUp() {
    missing.on(10, 0);
    missing.on(12, 0);
    int asked = 0;
    for (int ms = 0; ms < 1000; ms += 20) {
      if (missing.poll(ms * MS)) {
        asked++;
        assertThat(missing.first()).isEqualTo(11);
        assertThat(missing.following()).isZero();
      }
    }

    assertThat(asked).isEqualTo(3);
  }

  @Test
  void asksForNothingAfterALongInterruption() {
    missing.on(10, 0);
    missing.on(500, 0);

    assertThat(missing.poll(100 * MS)).isFalse();
  }

  @Test
  void anotherStreamLacksNothing() {
    missing.on(10, 0);
    missing.on(12, 0);
    missing.reset();
    missing.on(40_000, 0);

    assertThat(missing.poll(100 * MS)).isFalse();
  }
}
