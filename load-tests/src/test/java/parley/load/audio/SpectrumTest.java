package parley.load.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpectrumTest {

  private static final int RATE = 48_000;

  @Test
  void findsExactlyTheTonesThatAreThere() {
    Pcm sound = mix(2, 463, 1091, 1657);
    Spectrum spectrum = Spectrum.of(sound);
    assertThat(spectrum.tonesAmong(List.of(311, 463, 719, 1091, 1657, 2513)))
        .containsExactly(463, 1091, 1657);
    assertThat(spectrum.peaks()).hasSize(3);
  }

  @Test
  void measuresTheLevelOfATone() {
    // A quarter of full scale: 20·log10(0.25/√2) = -15.05 dB.
    assertThat(Spectrum.of(mix(1, 719)).levelDb(719)).isCloseTo(-15.05, within(0.2));
    assertThat(ToneCurve.of(mix(1, 719), 719).medianDb()).isCloseTo(-15.05, within(0.2));
    assertThat(Spectrum.of(mix(1, 719)).levelDb(1091)).isLessThan(-75);
  }

  @Test
  void callsSilenceSilence() {
    Spectrum spectrum = Spectrum.of(new Pcm(new float[RATE], RATE, 0));
    assertThat(spectrum).hasToString("silence");
    assertThat(new Pcm(new float[100], RATE, 0).levelDb()).isEqualTo(-120);
  }

  @Test
  void findsTheEdgesOfATone() {
    float[] samples = mix(1, 719).samples();
    for (int i = 0; i < samples.length; i++) {
      if (i < RATE / 4 || i > RATE * 3 / 4) {
        samples[i] = 0;
      }
    }
    ToneCurve curve = ToneCurve.of(new Pcm(samples, RATE, 5_000), 719);
    double half = -15.05 - 6.02;
    assertThat(curve.firstAboveMs(half)).isCloseTo(5_250, within(3.0));
    assertThat(curve.lastAboveMs(half)).isCloseTo(5_750, within(3.0));
    assertThat(curve.onsetsMs(half, 100)).hasSize(1);
    assertThat(curve.onsetsMs(half, 100).getFirst()).isCloseTo(5_250, within(2.0));
    assertThat(ToneCurve.of(new Pcm(samples, RATE, 5_000), 1091).loudestDb()).isLessThan(-40);
  }

  @Test
  void cutsByTime() {
    Pcm part = mix(2, 719).between(500, 700);
    assertThat(part.startMs()).isEqualTo(500);
    assertThat(part.lengthMs()).isEqualTo(200);
    assertThat(mix(1, 719).between(2_000, 3_000).samples()).isEmpty();
  }

  private static Pcm mix(int seconds, double... frequencies) {
    float[] samples = new float[seconds * RATE];
    for (int i = 0; i < samples.length; i++) {
      for (double f : frequencies) {
        samples[i] += (float) (0.25 * Math.sin(2 * Math.PI * f * i / RATE));
      }
    }
    return new Pcm(samples, RATE, 0);
  }
}
