package parley.relay.opus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OpusTest {

  private final OpusEncoder encoder = new OpusEncoder(OpusEncoder.Use.MIX);
  private final OpusDecoder decoder = new OpusDecoder(48_000);
  private final float[] pcm = new float[960];
  private final float[] out = new float[OpusDecoder.MAX_SAMPLES];
  private final byte[] packet = new byte[OpusEncoder.MAX_BYTES];
  private int at;

  private int encodeTone() {
    for (int i = 0; i < pcm.length; i++) {
      pcm[i] = (float) (0.3 * Math.sin(2 * Math.PI * 500 * at++ / 48_000));
    }
    return encoder.encode(pcm, packet, 0);
  }

  @Test
  void isThere() {
    assertThat(Opus.isAvailable()).isTrue();
  }

  @Test
  void whatIsEncodedIsHeard() {
    for (int i = 0; i < 20; i++) {
      assertThat(decoder.decode(packet, 0, encodeTone(), out)).isEqualTo(960);
    }

    assertThat(peak()).isBetween(0.28f, 0.32f);
  }

  @Test
  void garbageIsAnsweredAsSuch() {
    assertThat(decoder.decode(new byte[0], 0, 0, out)).isNegative();
    assertThat(decoder.decode(new byte[] {3}, 0, 1, out)).isNegative();
    assertThat(decoder.decode(new byte[2000], 0, 2000, out)).isNegative();
  }

  @Test
  void aLossIsBridgedByTheSoundSoFar() {
    for (int i = 0; i < 20; i++) {
      decoder.decode(packet, 0, encodeTone(), out);
    }

    assertThat(decoder.conceal(960, out)).isEqualTo(960);
    assertThat(peak()).isGreaterThan(0.2f);
  }

  @Test
  void whoTakesOverAnEncodersStateWritesTheSamePackets() {
    for (int i = 0; i < 20; i++) {
      encodeTone();
    }
    OpusEncoder other = new OpusEncoder(OpusEncoder.Use.MIX);
    other.continueFrom(encoder);
    int length = encodeTone();
    byte[] twin = new byte[OpusEncoder.MAX_BYTES];

    assertThat(other.encode(pcm, twin, 0)).isEqualTo(length);
    assertThat(Arrays.copyOf(twin, length)).isEqualTo(Arrays.copyOf(packet, length));
  }

  @Test
  void afterAResetNothingIsLeftOfBefore() {
    for (int i = 0; i < 20; i++) {
      decoder.decode(packet, 0, encodeTone(), out);
    }
    decoder.reset();
    decoder.conceal(960, out);

    assertThat(peak()).isZero();
  }

  private float peak() {
    float peak = 0;
    for (int i = 0; i < 960; i++) {
      peak = Math.max(peak, Math.abs(out[i]));
    }
    return peak;
  }
}
