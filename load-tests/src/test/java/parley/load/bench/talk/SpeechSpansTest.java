package parley.load.bench.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeechSpansTest {

  @Test
  void silenceAroundAToneIsNoSpeech() {
    float[] samples = tone(3_000, 700, 2_300, 0.1);
    double active = SpeechSpans.activeLevel(samples);
    // 0.1 of full scale is −20 dB, a sine's root mean square 3 dB less; the hang-over adds silence.
    assertThat(active).isCloseTo(-23, within(0.7));
    Span span = SpeechSpans.whole(samples, active);
    assertThat(span.fromMs()).isCloseTo(700, within(10.0));
    assertThat(span.toMs()).isCloseTo(2_300, within(10.0));
  }

  @Test
  void noiseIsAsLoudAsItIsSaid() {
    Random random = new Random(1);
    int samples = 5 * Noise.RATE_HZ;
    assertThat(SpeechSpans.activeLevel(Noise.room(samples, -40, random)))
        .isCloseTo(-40, within(0.5));
    float[] typing = Noise.typing(samples, 0.3, random);
    float peak = 0;
    for (float sample : typing) {
      peak = Math.max(peak, Math.abs(sample));
    }
    assertThat(peak).isBetween(0.1f, 0.8f);
  }

  private static float[] tone(int lengthMs, int fromMs, int toMs, double amplitude) {
    float[] samples = new float[lengthMs * Noise.RATE_HZ / 1000];
    for (int i = fromMs * Noise.RATE_HZ / 1000; i < toMs * Noise.RATE_HZ / 1000; i++) {
      samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * 440 * i / Noise.RATE_HZ));
    }
    return samples;
  }
}
