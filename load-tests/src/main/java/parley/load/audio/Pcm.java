package parley.load.audio;

import java.util.Arrays;

/**
 * Mono sound.
 *
 * @param samples between -1 and 1
 * @param rateHz samples a second
 * @param startMs when the first sample was heard: Unix time for what a browser played, time since
 *     its beginning for a file
 */
public record Pcm(float[] samples, int rateHz, double startMs) {

  /** From 16-bit little-endian samples. */
  public static Pcm fromInt16(byte[] bytes, int rateHz, double startMs) {
    float[] samples = new float[bytes.length / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) ((bytes[2 * i] & 0xFF) | bytes[2 * i + 1] << 8) / 32768f;
    }
    return new Pcm(samples, rateHz, startMs);
  }

  public double lengthMs() {
    return samples.length * 1000.0 / rateHz;
  }

  public double endMs() {
    return startMs + lengthMs();
  }

  /** The part between two times; what lies outside is left out. */
  public Pcm between(double fromMs, double toMs) {
    int first = clamp((int) Math.round((fromMs - startMs) * rateHz / 1000));
    int last = Math.max(first, clamp((int) Math.round((toMs - startMs) * rateHz / 1000)));
    return new Pcm(
        Arrays.copyOfRange(samples, first, last), rateHz, startMs + first * 1000.0 / rateHz);
  }

  /** Root mean square in dB below full scale; -120 for digital silence. */
  public double levelDb() {
    double sum = 0;
    for (float s : samples) {
      sum += (double) s * s;
    }
    return samples.length == 0 ? -120 : Math.max(-120, 10 * Math.log10(sum / samples.length));
  }

  private int clamp(int index) {
    return Math.clamp(index, 0, samples.length);
  }
}
