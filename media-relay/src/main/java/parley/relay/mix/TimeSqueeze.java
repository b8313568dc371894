package parley.relay.mix;

/**
 * Makes sound shorter without changing its pitch: leaves out one period of it and fades over from
 * what was before to what is behind.
 */
final class TimeSqueeze {

  /** 2.5 ms: 400 Hz, the highest voice. */
  private static final int MIN_LAG = 120;

  /** 15 ms: 67 Hz, the lowest. */
  private static final int MAX_LAG = 720;

  /** What has to be alike; as long as the longest period. */
  private static final int WINDOW = MAX_LAG;

  /** Every fourth sample tells two pitches apart well enough. */
  private static final int STRIDE = 4;

  /** How many samples it needs to look at. */
  static final int NEEDED = MAX_LAG + WINDOW;

  private TimeSqueeze() {}

  /**
   * @param from where the part begins that may change; {@link #NEEDED} samples follow
   * @param end behind the last sample
   * @return behind the last sample afterwards: 2.5 to 15 ms less
   */
  static int shorten(float[] samples, int from, int end) {
    int lag = mostAlike(samples, from);
    for (int i = 0; i < lag; i++) {
      float later = (float) i / lag;
      samples[from + i] = samples[from + i] * (1 - later) + samples[from + lag + i] * later;
    }
    System.arraycopy(samples, from + 2 * lag, samples, from + lag, end - from - 2 * lag);
    return end - lag;
  }

  private static int mostAlike(float[] samples, int from) {
    int best = MAX_LAG;
    float bestLikeness = Float.NEGATIVE_INFINITY;
    for (int lag = MIN_LAG; lag <= MAX_LAG; lag += STRIDE) {
      float product = 0;
      float energy = 1e-9f;
      for (int i = from; i < from + WINDOW; i += STRIDE) {
        float shifted = samples[i + lag];
        product += samples[i] * shifted;
        energy += shifted * shifted;
      }
      float likeness = product * Math.abs(product) / energy;
      if (likeness > bestLikeness) {
        bestLikeness = likeness;
        best = lag;
      }
    }
    return best;
  }
}
