package parley.load.bench.storm;

import java.util.Arrays;

/**
 * How long people waited.
 *
 * @param waitsNs in the order in which they came
 */
record Arrivals(long[] waitsNs) {

  Arrivals {
    waitsNs = waitsNs.clone();
  }

  /** The first so many of them. */
  Arrivals before(int end) {
    return new Arrivals(Arrays.copyOf(waitsNs, Math.min(end, waitsNs.length)));
  }

  /** Those who came after so many others. */
  Arrivals after(int first) {
    int from = Math.min(first, waitsNs.length);
    return new Arrivals(Arrays.copyOfRange(waitsNs, from, waitsNs.length));
  }

  /** Milliseconds that this share of them did not exceed; 0 when nobody came. */
  double ms(double share) {
    if (waitsNs.length == 0) {
      return 0;
    }
    long[] sorted = waitsNs.clone();
    Arrays.sort(sorted);
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
  }
}
