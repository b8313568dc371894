package parley.relay.mix;

/** Fades that keep a sound's beginning and end from being clicks. */
final class Ramp {

  /** 5 ms: too short to be missed at a syllable's start, too long to be heard as a click. */
  static final int IN = 240;

  private Ramp() {}

  /** From nothing to full over the first {@link #IN} samples. */
  static void in(float[] samples, int from) {
    for (int i = 0; i < IN; i++) {
      samples[from + i] *= (float) i / IN;
    }
  }

  /** From full to nothing over so many samples. */
  static void out(float[] samples, int from, int count) {
    for (int i = 0; i < count; i++) {
      samples[from + i] *= (float) (count - i) / count;
    }
  }
}
