package parley.relay.turn;

import java.util.Arrays;

/**
 * Token buckets for everybody in a fixed table: a key picks its cell by a hash that nobody outside
 * can predict, so nothing grows with the number of strangers. Two keys may share a cell; both then
 * have the allowance of one.
 */
final class AttemptLimiter {

  /** A cell each for the clients of a large node; 1 MB. */
  private static final int CELLS = 1 << 16;

  private final double perNs;
  private final float capacity;
  private final long seed;
  private final float[] tokens = new float[CELLS];
  private final long[] lastNs = new long[CELLS];

  AttemptLimiter(double perSecond, int atOnce, long seed, long nowNs) {
    this.perNs = perSecond / 1e9;
    this.capacity = atOnce;
    this.seed = seed;
    Arrays.fill(tokens, capacity);
    Arrays.fill(lastNs, nowNs);
  }

  boolean take(long key, long nowNs) {
    int cell = refill(key, nowNs);
    if (tokens[cell] < 1) {
      return false;
    }
    tokens[cell]--;
    return true;
  }

  /** Whether {@link #take} would succeed. */
  boolean has(long key, long nowNs) {
    return tokens[refill(key, nowNs)] >= 1;
  }

  private int refill(long key, long nowNs) {
    long mixed = (key ^ seed) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    int cell = (int) (mixed >>> 48);
    tokens[cell] = (float) Math.min(capacity, tokens[cell] + (nowNs - lastNs[cell]) * perNs);
    lastNs[cell] = nowNs;
    return cell;
  }
}
