package parley.relay.mix;

/**
 * Keeps a sum of voices from clipping: turns it down when it gets too loud, quickly, and up again
 * slowly, so that a steady sound keeps its shape.
 */
public final class Limiter {

  /** Just below full scale; what is left is for what encoding adds. */
  private static final float CEILING = 0.95f;

  /** 5 ms at 48 kHz: what it looks at at once. */
  public static final int BLOCK = 240;

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
    process(samples, count, 0);
  }

  /**
   * The same for whoever knows what comes next: then it is turned down before, and nothing clips.
   *
   * @param count a multiple of {@link #BLOCK}
   * @param next the peak of the block behind these
   */
  public void process(float[] samples, int count, float next) {
    float peak = peak(samples, 0);
    for (int at = 0; at < count; at += BLOCK) {
      float ahead = at + BLOCK < count ? peak(samples, at + BLOCK) : next;
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

  /** The peak of a block. */
  public static float peak(float[] samples, int from) {
    float peak = 0;
    for (int i = from; i < from + BLOCK; i++) {
      peak = Math.max(peak, Math.abs(samples[i]));
    }
    return peak;
  }
}
