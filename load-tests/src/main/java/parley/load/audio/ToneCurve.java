package parley.load.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How loud one tone is over time: a Hann-windowed Goertzel filter of 40 ms every 2 ms. The window
 * keeps tones 100 Hz away out; an edge of the sound is found with the window's middle as its time,
 * exact to a few ms when the level is taken halfway (-6 dB), because at a sharp edge the window is
 * then half full.
 */
public final class ToneCurve {

  private static final double WINDOW_MS = 40;
  private static final double STEP_MS = 2;

  private final double[] levelsDb;
  private final double firstMs;

  private ToneCurve(double[] levelsDb, double firstMs) {
    this.levelsDb = levelsDb;
    this.firstMs = firstMs;
  }

  public static ToneCurve of(Pcm pcm, double frequencyHz) {
    int window = (int) Math.round(WINDOW_MS * pcm.rateHz() / 1000);
    int step = (int) Math.round(STEP_MS * pcm.rateHz() / 1000);
    int count = Math.max(0, (pcm.samples().length - window) / step + 1);
    double[] hann = new double[window];
    for (int i = 0; i < window; i++) {
      hann[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / window);
    }
    double[] levels = new double[count];
    double coefficient = 2 * Math.cos(2 * Math.PI * frequencyHz / pcm.rateHz());
    for (int w = 0; w < count; w++) {
      double s1 = 0;
      double s2 = 0;
      for (int i = 0; i < window; i++) {
        double s0 = pcm.samples()[w * step + i] * hann[i] + coefficient * s1 - s2;
        s2 = s1;
        s1 = s0;
      }
      double squared = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
      // Amplitude 2·|X| / (window/2): the Hann window halves a sine's sum.
      double amplitude = 4 * Math.sqrt(Math.max(0, squared)) / window;
      levels[w] = Math.max(-120, 20 * Math.log10(amplitude) - 3.01);
    }
    return new ToneCurve(levels, pcm.startMs() + WINDOW_MS / 2);
  }

  /** The last moment at which the tone was above this level; before the beginning: never. */
  public double lastAboveMs(double levelDb) {
    for (int i = levelsDb.length - 1; i >= 0; i--) {
      if (levelsDb[i] > levelDb) {
        return timeOf(i);
      }
    }
    return Double.NEGATIVE_INFINITY;
  }

  /** The first moment at which the tone was above this level; after the end: never. */
  public double firstAboveMs(double levelDb) {
    for (int i = 0; i < levelsDb.length; i++) {
      if (levelsDb[i] > levelDb) {
        return timeOf(i);
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /**
   * Where the tone set in: each rise through {@code levelDb} after at least {@code quietMs} below
   * it.
   */
  public List<Double> onsetsMs(double levelDb, double quietMs) {
    List<Double> onsets = new ArrayList<>();
    double quietSince = firstMs;
    boolean loud = levelsDb.length > 0 && levelsDb[0] > levelDb;
    for (int i = 1; i < levelsDb.length; i++) {
      boolean now = levelsDb[i] > levelDb;
      if (now && !loud && timeOf(i) - quietSince >= quietMs) {
        // Between two steps, where the straight line through them crosses the level.
        double part = (levelDb - levelsDb[i - 1]) / (levelsDb[i] - levelsDb[i - 1]);
        onsets.add(timeOf(i - 1) + part * STEP_MS);
      }
      if (!now && loud) {
        quietSince = timeOf(i);
      }
      loud = now;
    }
    return onsets;
  }

  /** The level at a moment, dB; -120 outside. */
  public double levelDb(double atMs) {
    int index = (int) Math.round((atMs - firstMs) / STEP_MS);
    return index < 0 || index >= levelsDb.length ? -120 : levelsDb[index];
  }

  /** The median level, dB. */
  public double medianDb() {
    if (levelsDb.length == 0) {
      return -120;
    }
    double[] sorted = levelsDb.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The loudest moment, dB. */
  public double loudestDb() {
    double loudest = -120;
    for (double level : levelsDb) {
      loudest = Math.max(loudest, level);
    }
    return loudest;
  }

  /** The loudest moment between two, dB. */
  public double loudestBetweenDb(double fromMs, double toMs) {
    double loudest = -120;
    for (int i = 0; i < levelsDb.length; i++) {
      if (timeOf(i) >= fromMs && timeOf(i) <= toMs) {
        loudest = Math.max(loudest, levelsDb[i]);
      }
    }
    return loudest;
  }

  private double timeOf(int index) {
    return firstMs + index * STEP_MS;
  }
}
