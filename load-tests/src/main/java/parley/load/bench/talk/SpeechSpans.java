package parley.load.bench.talk;

import java.util.ArrayList;
import java.util.List;

/**
 * Where speech without noise is speech, as ITU-T P.56 (method B) tells it: where its envelope is
 * above a threshold that lies 15.9 dB below the active level. Without its hang-over, for the very
 * end is of interest.
 */
final class SpeechSpans {

  private static final double MARGIN_DB = 15.9;

  /** P.56's two smoothings in a row have 30 ms each, which would hide the onset; half a packet. */
  private static final int WINDOW = Noise.RATE_HZ / 100;

  private SpeechSpans() {}

  /** Mean power while active, dBov: P.56 with the hang-over of 200 ms, by repeated halving. */
  static double activeLevel(float[] samples) {
    double[] power = power(samples);
    double threshold = 0;
    double active = mean(power, 0);
    // The level rises with the threshold and the threshold with the level; it settles quickly.
    for (int i = 0; i < 12; i++) {
      threshold = active * Math.pow(10, -MARGIN_DB / 10);
      active = mean(power, threshold);
    }
    return 10 * Math.log10(active);
  }

  /** Mean of the windows above a threshold, and of those up to 200 ms behind them. */
  private static double mean(double[] power, double threshold) {
    double sum = 0;
    int count = 0;
    int hold = 0;
    for (double p : power) {
      hold = p > threshold ? 20 : hold - 1;
      if (hold > 0) {
        sum += p;
        count++;
      }
    }
    return sum / Math.max(1, count);
  }

  /** The one stretch from the first active moment to the last. */
  static Span whole(float[] samples, double activeDbov) {
    double[] power = power(samples);
    double threshold = Math.pow(10, (activeDbov - MARGIN_DB) / 10);
    int first = 0;
    while (first < power.length - 1 && power[first] <= threshold) {
      first++;
    }
    int last = power.length - 1;
    while (last > first && power[last] <= threshold) {
      last--;
    }
    return new Span(first * 10.0, (last + 1) * 10.0);
  }

  private static double[] power(float[] samples) {
    List<Double> power = new ArrayList<>();
    for (int at = 0; at + WINDOW <= samples.length; at += WINDOW) {
      double sum = 0;
      for (int i = at; i < at + WINDOW; i++) {
        sum += (double) samples[i] * samples[i];
      }
      power.add(sum / WINDOW);
    }
    return power.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
