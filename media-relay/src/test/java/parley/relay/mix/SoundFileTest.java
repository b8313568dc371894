package parley.relay.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoundFileTest {

  private static byte[] wav(int rate, int channels, int bits, double seconds) {
    int samples = (int) (rate * seconds);
    ByteBuffer file =
        ByteBuffer.allocate(44 + samples * channels * 2).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(file.capacity() - 8);
    file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    file.putShort((short) 1).putShort((short) channels).putInt(rate);
    file.putInt(rate * channels * 2).putShort((short) (channels * 2)).putShort((short) bits);
    file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples * channels * 2);
    for (int i = 0; i < samples; i++) {
      for (int c = 0; c < channels; c++) {
        file.putShort((short) (8000 * Math.sin(2 * Math.PI * 440 * i / rate)));
      }
    }
    return file.array();
  }

  private static double crossings(float[] pcm) {
    int count = 0;
    for (int i = 1; i < pcm.length; i++) {
      count += pcm[i - 1] < 0 && pcm[i] >= 0 ? 1 : 0;
    }
    return count * 48_000.0 / pcm.length;
  }

  @Test
  void readsWavOfAnyUsualRate() throws IOException {
    for (int rate : new int[] {8_000, 16_000, 44_100, 48_000, 96_000}) {
      for (int channels : new int[] {1, 2}) {
        float[] pcm = SoundFile.parse(wav(rate, channels, 16, 1));
        assertThat(pcm.length).isBetween(47_990, 48_000);
        assertThat(crossings(pcm)).isBetween(435.0, 445.0);
      }
    }
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> SoundFile.parse(wav(48_000, 1, 24, 1)))
        .hasMessageContaining("16 bits");
    assertThatThrownBy(() -> SoundFile.parse(wav(48_000, 1, 16, 31)))
        .hasMessage("it plays longer than 30 s");
    assertThatThrownBy(() -> SoundFile.parse("ID3 not this".getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("neither WAV nor Ogg Opus");
    assertThatThrownBy(() -> SoundFile.parse(new byte[0])).isInstanceOf(IOException.class);
  }

  @Test
  void refusesGarbageWithoutBreaking() {
    var random = new Random(5);
    byte[] good = wav(8_000, 1, 16, 0.1);
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = good.clone();
      for (int n = 0; n < 6; n++) {
        bad[4 + random.nextInt(44)] = (byte) random.nextInt();
      }
      if (i % 2 == 0) {
        System.arraycopy("OggS".getBytes(StandardCharsets.US_ASCII), 0, bad, 0, 4);
      }
      try {
        assertThat(SoundFile.parse(bad)).isNotEmpty();
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
