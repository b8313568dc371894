package parley.load.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WaveFileTest {

  private static final int RATE_HZ = 22_050;

  @Test
  void readsWhatASynthesizerWrites() {
    Pcm pcm = WaveFile.parse(wave(1, 1_000, 2 * 1_000));
    assertThat(pcm.rateHz()).isEqualTo(RATE_HZ);
    assertThat(pcm.samples()).hasSize(1_000);
    assertThat(pcm.samples()[1]).isCloseTo(1 / 32_768f, within(1e-9f));
  }

  @Test
  void aLengthThatWasNotKnownWhenItWasWrittenIsTheRest() {
    assertThat(WaveFile.parse(wave(1, 1_000, 0x7FFFFFFF)).samples()).hasSize(1_000);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaveFile.parse(wave(2, 10, 20)))
        .withMessageContaining("2 channels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaveFile.parse(new byte[3]))
        .withMessageContaining("no WAVE file");
  }

  @Test
  void aToneKeepsItsPitchAndLevelAtAHigherRate() {
    float[] samples = new float[2 * RATE_HZ];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * 1_030 * i / RATE_HZ));
    }
    Pcm pcm = Resampler.to(new Pcm(samples, RATE_HZ, 0), 48_000);
    assertThat(pcm.lengthMs()).isCloseTo(2_000, within(1.0));
    assertThat(Spectrum.of(pcm).levelDb(1_030)).isCloseTo(-9, within(0.2));
    assertThat(Spectrum.of(pcm).levelDb(RATE_HZ - 1_030.0)).isLessThan(-70);
  }

  private static byte[] wave(int channels, int samples, int saidBytes) {
    ByteBuffer out = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("RIFF")).putInt(36 + saidBytes).put(ascii("WAVE"));
    out.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) channels);
    out.putInt(RATE_HZ).putInt(2 * RATE_HZ).putShort((short) 2).putShort((short) 16);
    out.put(ascii("data")).putInt(saidBytes);
    for (int i = 0; i < samples; i++) {
      out.putShort((short) i);
    }
    return out.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
