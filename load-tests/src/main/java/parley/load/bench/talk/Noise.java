package parley.load.bench.talk;

import java.util.Random;

/**
 * What microphones pick up beside speech, made by seed, at 48 kHz: the hiss of a room, breath, and
 * typing.
 */
final class Noise {

  static final int RATE_HZ = 48_000;

  private Noise() {}

  /**
   * Steady pink noise: a fan, a street behind the window.
   *
   * @param dbov root mean square
   */
  static float[] room(int samples, double dbov, Random random) {
    float[] out = new float[samples];
    // Three poles that together fall by 3 dB an octave.
    double low = 0;
    double middle = 0;
    double high = 0;
    for (int i = 0; i < samples; i++) {
      double white = random.nextGaussian();
      low = 0.99765 * low + white * 0.0990460;
      middle = 0.96300 * middle + white * 0.2965164;
      high = 0.57000 * high + white * 1.0526913;
      out[i] = (float) (low + middle + high + white * 0.1848);
    }
    scale(out, dbov);
    return out;
  }

  /**
   * Somebody breathes close to the microphone, every three or four seconds: hiss around 800 Hz that
   * swells and fades.
   *
   * @param dbov root mean square at its loudest
   */
  static float[] breath(int samples, double dbov, Random random) {
    float[] hiss = new float[samples];
    double first = 0;
    double second = 0;
    for (int i = 0; i < samples; i++) {
      double white = random.nextGaussian();
      first += 0.15 * (white - first);
      second += 0.05 * (first - second);
      hiss[i] = (float) (first - second);
    }
    scale(hiss, dbov);
    float[] out = new float[samples];
    int at = RATE_HZ;
    while (at < samples) {
      int length = RATE_HZ * (400 + random.nextInt(500)) / 1000;
      for (int i = 0; i < length && at + i < samples; i++) {
        double swell = Math.sin(Math.PI * i / length);
        out[at + i] = (float) (hiss[at + i] * swell);
      }
      at += length + RATE_HZ * (2200 + random.nextInt(1400)) / 1000;
    }
    return out;
  }

  /**
   * Somebody types beside the microphone, five to eight keys a second with pauses: each a burst
   * that rings off, softer when it comes up again.
   *
   * @param peak of a key's burst, 1 is full scale
   */
  static float[] typing(int samples, double peak, Random random) {
    float[] out = new float[samples];
    int at = RATE_HZ / 2;
    while (at < samples) {
      int keys = 5 + random.nextInt(40);
      for (int key = 0; key < keys; key++) {
        stroke(out, at, peak * (0.5 + 0.5 * random.nextDouble()), random);
        stroke(out, at + RATE_HZ * (60 + random.nextInt(40)) / 1000, peak * 0.3, random);
        at += RATE_HZ * (110 + random.nextInt(110)) / 1000;
      }
      at += RATE_HZ * (300 + random.nextInt(2000)) / 1000;
    }
    return out;
  }

  /** 8 ms of noise over the ringing of the case. */
  private static void stroke(float[] out, int at, double peak, Random random) {
    double hertz = 900 + random.nextInt(1500);
    for (int i = 0; i < RATE_HZ / 40 && at + i < out.length; i++) {
      double decay = Math.exp(-i / (0.006 * RATE_HZ));
      double click = i < RATE_HZ / 125 ? random.nextGaussian() * 0.5 : 0;
      double ring = Math.sin(2 * Math.PI * hertz * i / RATE_HZ) * 0.7;
      out[at + i] += (float) (peak * decay * (click + ring));
    }
  }

  static void scale(float[] samples, double dbov) {
    double sum = 0;
    for (float s : samples) {
      sum += (double) s * s;
    }
    double factor = Math.pow(10, dbov / 20) / Math.sqrt(sum / Math.max(1, samples.length));
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= (float) factor;
    }
  }

  static void add(float[] to, float[] what) {
    for (int i = 0; i < Math.min(to.length, what.length); i++) {
      to[i] += what[i];
    }
  }
}
