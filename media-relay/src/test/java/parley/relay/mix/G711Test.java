package parley.relay.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import parley.relay.rtp.AudioCodec;

class G711Test {

  /** ITU-T G.711, tables 1 and 2: ends and middles of the scales, on 16 bits. */
  @ParameterizedTest
  @CsvSource({
    "PCMU, 0x00, -32124", "PCMU, 0x80, 32124", "PCMU, 0xFF, 0", "PCMU, 0x7F, 0",
    "PCMU, 0xFE, 8", "PCMU, 0xF0, 120", "PCMU, 0xEF, 132", "PCMU, 0x8F, 16764",
    "PCMA, 0xD5, 8", "PCMA, 0x55, -8", "PCMA, 0xAA, 32256", "PCMA, 0x2A, -32256",
    "PCMA, 0xD4, 24", "PCMA, 0xC5, 264", "PCMA, 0xF5, 528"
  })
  void decodesAsTheTablesSay(AudioCodec law, String value, int linear) {
    assertThat(G711.decode(law, (byte) (int) Integer.decode(value)) * 32_768f)
        .isEqualTo(linear, within(0.01f));
  }

  @ParameterizedTest
  @EnumSource(
      value = AudioCodec.class,
      names = {"PCMA", "PCMU"})
  void everyValueSurvivesDecodingAndEncoding(AudioCodec law) {
    for (int value = 0; value < 256; value++) {
      float sample = G711.decode(law, (byte) value);
      byte again = G711.encode(law, sample);
      assertThat(G711.decode(law, again)).as("value %x", value).isEqualTo(sample, within(2e-5f));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = AudioCodec.class,
      names = {"PCMA", "PCMU"})
  void anySampleIsCloseToWhatIsHeardOfIt(AudioCodec law) {
    for (float sample = -1; sample <= 1; sample += 0.0003f) {
      float heard = G711.decode(law, G711.encode(law, sample));
      assertThat(heard).isEqualTo(sample, within(Math.max(0.0006f, Math.abs(sample) / 25)));
    }
  }

  @Test
  void aToneWithinTheTelephoneBandPassesTheDecimatorAndOneAboveDoesNot() {
    assertThat(throughDecimator(1000)).isEqualTo(0.5, within(0.01));
    assertThat(throughDecimator(3000)).isEqualTo(0.5, within(0.02));
    assertThat(throughDecimator(5000)).isLessThan(0.001);
    assertThat(throughDecimator(9000)).isLessThan(0.001);
  }

  private static double throughDecimator(double hertz) {
    Decimator decimator = new Decimator();
    float[] in = new float[960];
    float[] out = new float[160];
    double squares = 0;
    long at = 0;
    for (int frame = 0; frame < 20; frame++) {
      for (int i = 0; i < in.length; i++) {
        in[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * at++ / 48_000));
      }
      decimator.process(in, out);
      for (int i = 0; frame >= 10 && i < out.length; i++) {
        squares += out[i] * out[i];
      }
    }
    return Math.sqrt(2 * squares / (10 * 160));
  }
}
