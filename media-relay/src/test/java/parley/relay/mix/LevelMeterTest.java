package parley.relay.mix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelMeterTest {

  private final LevelMeter meter = new LevelMeter();

  @ParameterizedTest
  @CsvSource({"1, 3", "0.1, 23", "0.01, 43", "0.001, 63"})
  void aToneHasItsLevel(double amplitude, int level) {
    Tone tone = new Tone(1000, amplitude);
    int measured = 0;
    for (int i = 0; i < 10; i++) {
      tone.next();
      measured = meter.level(tone.packet(), 0, tone.length());
    }

    assertThat(measured).isBetween(level - 2, level + 2);
  }

  @Test
  void whatIsNoOpusIsSilence() {
    assertThat(meter.level(new byte[0], 0, 0)).isEqualTo(127);
    assertThat(meter.level(new byte[] {8}, 0, 1)).isEqualTo(127);
    assertThat(meter.level(new byte[] {3, 0, 0, 0}, 0, 4)).isEqualTo(127);
  }

  @Test
  void digitalSilenceIsSilence() {
    Tone tone = new Tone(1000, 0);
    tone.next();

    assertThat(meter.level(tone.packet(), 0, tone.length())).isEqualTo(127);
  }
}
