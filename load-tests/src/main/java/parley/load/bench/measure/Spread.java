package parley.load.bench.measure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Several values of one quantity: the middle one, and between what they lie. */
public record Spread(double median, double lowest, double highest) {

  /**
   * @throws IllegalArgumentException when there is none
   */
  public static Spread of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], Arrays.stream(sorted).max().orElseThrow());
  }

  /** Of the quotients of what was measured one after the other. */
  public static Spread ofRatios(List<Double> values, List<Double> others) {
    int pairs = Math.min(values.size(), others.size());
    Double[] ratios = new Double[pairs];
    for (int i = 0; i < pairs; i++) {
      ratios[i] = values.get(i) / others.get(i);
    }
    return of(List.of(ratios));
  }

  /** The median, and the two others in parentheses. */
  public String text(String format) {
    return String.format(
        Locale.ROOT, format + " (" + format + "–" + format + ")", median, lowest, highest);
  }
}
