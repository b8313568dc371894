package parley.load.bench.measure;

/**
 * How long packets took: counts in classes whose width is about 3 % of their value, so that
 * recording costs a few instructions and a percentile is right to 3 %.
 */
public final class LatencyHistogram {

  /** Classes a doubling. */
  private static final int STEPS = 32;

  private static final int STEP_BITS = 5;

  /** Up to 2^40 ns, eighteen minutes. */
  private static final int CLASSES = 40 * STEPS;

  private final long[] counts = new long[CLASSES];
  private long total;

  public void record(long ns) {
    counts[classOf(ns)]++;
    total++;
  }

  public long total() {
    return total;
  }

  /** Takes over all that another one has counted. */
  public void add(LatencyHistogram other) {
    for (int i = 0; i < CLASSES; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /**
   * The value that this share of all packets did not exceed, in nanoseconds.
   *
   * @param share from 0 to 1
   */
  public long percentile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < CLASSES; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return upperEnd(i);
      }
    }
    return 0;
  }

  /** Values below 64 have a class each; then the highest five bits behind the leading one count. */
  private static int classOf(long ns) {
    if (ns < 2 * STEPS) {
      return (int) Math.max(0, ns);
    }
    int shift = 63 - Long.numberOfLeadingZeros(ns) - STEP_BITS;
    return Math.min(CLASSES - 1, (shift + 1) * STEPS + (int) (ns >>> shift) - STEPS);
  }

  private static long upperEnd(int index) {
    if (index < 2 * STEPS) {
      return index;
    }
    int shift = index / STEPS - 1;
    return ((long) (index % STEPS + STEPS + 1) << shift) - 1;
  }
}
