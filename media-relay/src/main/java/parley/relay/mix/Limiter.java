package parley.relay.mix;

/**
 * Keeps a sum of voices from clipping: turns it down when it gets too loud, quickly, and up again
 * slowly, so that a steady sound keeps its shape.
 */
final class Limiter {

  /** Just below full scale; what is left is for what encoding adds. */
  private static final float CEILING = 0.95f;

  /** 5 ms. */
  private static final int BLOCK = 240;

  /** 6 dB in half a second. */
  private static final float RELEASE = 1.007f;

  private float gain = 1;

  /** As after a long silence. */
  void reset() {
    gain = 1;
  }

  /** Takes over from another, so that nobody hears the change. */
  void continueFrom(Limiter other) {
    gain = other.gain;
  }

  void process(float[] samples, int count) {
    float peak = peak(samples, 0);
    for (int at = 0; at < count; at += BLOCK) {
      float ahead = at + BLOCK < count ? peak(samples, at + BLOCK) : 0;
      float loudest = Math.max(peak, ahead); // turned down before it is loud
      peak = ahead;
      float target = Math.min(1, gain * RELEASE);
      if (loudest * target > CEILING) {
        target = CEILING / loudest;
      }
      if (gain != 1 || target != 1) {
        apply(samples, at, target);
      }
      gain = target;
    }
  }

  private void apply(float[] samples, int at, float target) {
    for (int i = 0; i < BLOCK; i++) {
      float now = gain + (target - gain) * i / BLOCK;
      samples[at + i] = Math.clamp(samples[at + i] * now, -1, 1);
    }
  }

  private static float peak(float[] samples, int from) {
    float peak = 0;
    for (int i = from; i < from + BLOCK; i++) {
      peak = Math.max(peak, Math.abs(samples[i]));
    }
    return peak;
  }
}
