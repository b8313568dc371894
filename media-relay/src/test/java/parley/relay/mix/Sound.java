package parley.relay.mix;

import java.util.Arrays;
import parley.relay.opus.OpusDecoder;

/** What a listener's decoder makes of packets, and what can be measured in it. */
public final class Sound {

  private static final double RATE = 48_000;

  private final OpusDecoder decoder = new OpusDecoder(48_000);
  private final float[] decoded = new float[OpusDecoder.MAX_SAMPLES];
  private float[] samples = new float[48_000];
  private int count;

  public void packet(byte[] data, int offset, int length) {
    append(decoder.decode(data, offset, length, decoded));
  }

  /** Samples that somebody else decoded. */
  public void add(float[] more) {
    System.arraycopy(more, 0, decoded, 0, more.length);
    append(more.length);
  }

  /** As long as a packet of 20 ms nothing has come. */
  public void missing() {
    append(decoder.conceal(Tone.FRAME, decoded));
  }

  /** A pause that the sender meant. */
  public void silence(int frames) {
    Arrays.fill(decoded, 0, Tone.FRAME, 0);
    for (int i = 0; i < frames; i++) {
      append(Tone.FRAME);
    }
  }

  private void append(int more) {
    if (more < 0) {
      throw new AssertionError("not Opus");
    }
    if (count + more > samples.length) {
      samples = Arrays.copyOf(samples, 2 * samples.length);
    }
    System.arraycopy(decoded, 0, samples, count, more);
    count += more;
  }

  public int count() {
    return count;
  }

  public float[] samples() {
    return samples;
  }

  /** How strong a tone is in a second of it that begins there: its amplitude. */
  public double amplitude(double hertz, int from) {
    return amplitude(hertz, from, (int) RATE);
  }

  public double amplitude(double hertz, int from, int length) {
    double sine = 0;
    double cosine = 0;
    for (int i = 0; i < length; i++) {
      double window = 1 - Math.cos(2 * Math.PI * i / length); // Hann: neighbours do not leak
      double angle = 2 * Math.PI * hertz * i / RATE;
      sine += window * samples[from + i] * Math.sin(angle);
      cosine += window * samples[from + i] * Math.cos(angle);
    }
    return 2 * Math.hypot(sine, cosine) / length;
  }

  public double rms(int from, int length) {
    double squares = 0;
    for (int i = from; i < from + length; i++) {
      squares += samples[i] * samples[i];
    }
    return Math.sqrt(squares / length);
  }

  /** The largest step from one sample to the next. */
  public double largestStep(int from, int to) {
    double largest = 0;
    for (int i = from + 1; i < to; i++) {
      largest = Math.max(largest, Math.abs(samples[i] - samples[i - 1]));
    }
    return largest;
  }

  /**
   * The strongest of what lies high above the tones: third differences of the samples, which a
   * click has and a tone of a few hundred Hertz hardly.
   */
  public double largestEdge(int from, int to) {
    double largest = 0;
    for (int i = from + 3; i < to; i++) {
      double third = samples[i] - 3 * samples[i - 1] + 3 * samples[i - 2] - samples[i - 3];
      largest = Math.max(largest, Math.abs(third));
    }
    return largest;
  }
}
