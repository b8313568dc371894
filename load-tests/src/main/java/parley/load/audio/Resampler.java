package parley.load.audio;

/** Brings sound to a higher rate, by a windowed sinc: what was not there is not added. */
public final class Resampler {

  /** Zero crossings on each side: 70 dB of what would be mirrored is left out. */
  private static final int CROSSINGS = 24;

  private Resampler() {}

  /**
   * @param rateHz at least the sound's own
   */
  public static Pcm to(Pcm pcm, int rateHz) {
    if (rateHz < pcm.rateHz()) {
      throw new IllegalArgumentException(
          "only upwards: %d Hz is less than %d".formatted(rateHz, pcm.rateHz()));
    }
    float[] in = pcm.samples();
    float[] out = new float[(int) ((long) in.length * rateHz / pcm.rateHz())];
    double step = (double) pcm.rateHz() / rateHz;
    for (int i = 0; i < out.length; i++) {
      out[i] = at(in, i * step);
    }
    return new Pcm(out, rateHz, pcm.startMs());
  }

  private static float at(float[] in, double place) {
    int middle = (int) Math.floor(place);
    double sum = 0;
    int last = Math.min(in.length - 1, middle + CROSSINGS);
    for (int i = Math.max(0, middle - CROSSINGS + 1); i <= last; i++) {
      sum += in[i] * weight(place - i);
    }
    return (float) sum;
  }

  private static double weight(double distance) {
    if (Math.abs(distance) < 1e-9) {
      return 1;
    }
    double window = 0.5 + 0.5 * Math.cos(Math.PI * distance / CROSSINGS);
    return Math.sin(Math.PI * distance) / (Math.PI * distance) * window;
  }
}
