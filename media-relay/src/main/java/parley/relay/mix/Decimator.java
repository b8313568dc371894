package parley.relay.mix;

import java.util.Arrays;

/**
 * From 48 to 8 kHz: what is above 4 kHz is filtered out first, else it would be heard as something
 * below.
 */
final class Decimator {

  static final int FACTOR = 6;

  /** A windowed sinc of this length: 3.4 kHz pass, 4.6 kHz and more are 60 dB down. */
  private static final int TAPS = 144;

  private static final double CUTOFF_HZ = 3_900;

  private static final float[] FILTER = filter();

  private final float[] history = new float[TAPS + Mixer.FRAME];

  private static float[] filter() {
    double[] taps = new double[TAPS];
    double sum = 0;
    for (int i = 0; i < TAPS; i++) {
      double x = 2 * CUTOFF_HZ / 48_000 * (i - (TAPS - 1) / 2.0);
      double angle = 2 * Math.PI * (i + 0.5) / TAPS;
      double blackman = 0.42 - 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle);
      taps[i] = Math.sin(Math.PI * x) / (Math.PI * x) * blackman;
      sum += taps[i];
    }
    float[] scaled = new float[TAPS];
    for (int i = 0; i < TAPS; i++) {
      scaled[i] = (float) (taps[i] / sum);
    }
    return scaled;
  }

  /** As after a long silence. */
  void reset() {
    Arrays.fill(history, 0);
  }

  void continueFrom(Decimator other) {
    System.arraycopy(other.history, 0, history, 0, history.length);
  }

  /** Turns 20 ms at 48 kHz into 20 ms at 8 kHz. */
  void process(float[] in, float[] out) {
    System.arraycopy(history, Mixer.FRAME, history, 0, TAPS);
    System.arraycopy(in, 0, history, TAPS, Mixer.FRAME);
    for (int i = 0; i < Mixer.FRAME / FACTOR; i++) {
      int end = FACTOR * (i + 1);
      float sum = 0;
      for (int tap = 0; tap < TAPS; tap++) {
        sum += FILTER[tap] * history[end + tap];
      }
      out[i] = sum;
    }
  }
}
