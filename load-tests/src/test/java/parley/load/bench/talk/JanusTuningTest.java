package parley.load.bench.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.load.bench.media.Voice;
import parley.load.bench.server.JanusBridge;

class JanusTuningTest {

  @Test
  void findsTheThresholdBetweenSpeechAndNoise() {
    int frames = 500;
    int[] levels = new int[frames];
    Arrays.fill(levels, 39);
    Arrays.fill(levels, 100, 200, 33);
    Track track =
        new Track("test", new float[frames * Voice.FRAME], List.of(new Span(2_000, 4_000)));

    JanusBridge.Room best =
        JanusTuning.best(List.of(track), List.of(new Voice(new byte[frames][0], levels)), 16_000);

    assertThat(best.averageLevel()).isIn(35, 38);
    assertThat(best.activePackets()).as("longer averages are later").isLessThan(10);
  }
}
