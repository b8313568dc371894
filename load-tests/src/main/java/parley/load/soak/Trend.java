package parley.load.soak;

import java.util.Arrays;

/**
 * How a figure changes with time: the median of the slopes between all pairs of points (Theil and
 * Sen), which single outliers do not move, and between what it lies with 95 % confidence (by
 * Kendall's variance, ties left in, which widens it).
 *
 * @param slope in the figure's unit for each unit of time
 */
record Trend(double slope, double lowest, double highest) {

  private static final double QUANTILE_95 = 1.96;

  /**
   * @param at ascending
   * @throws IllegalArgumentException with fewer than three points
   */
  static Trend of(double[] at, double[] values) {
    int n = at.length;
    if (n < 3 || values.length != n) {
      throw new IllegalArgumentException("a trend takes three points, there are " + n);
    }
    double[] slopes = new double[n * (n - 1) / 2];
    int count = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        slopes[count++] = (values[j] - values[i]) / (at[j] - at[i]);
      }
    }
    Arrays.sort(slopes);
    double half = QUANTILE_95 * Math.sqrt(n * (n - 1.0) * (2.0 * n + 5) / 18);
    int low = (int) Math.floor((count - half) / 2);
    int high = (int) Math.ceil((count + half) / 2);
    double median = (slopes[(count - 1) / 2] + slopes[count / 2]) / 2;
    return new Trend(
        median,
        low < 0 ? Double.NEGATIVE_INFINITY : slopes[low],
        high >= count ? Double.POSITIVE_INFINITY : slopes[high]);
  }
}
