package parley.relay.srtp;

/**
 * Which packet indices have been seen (RFC 3711 §3.3.2): a ring of bits as in RFC 6479, where
 * moving on clears whole words and shifts nothing.
 */
public final class ReplayWindow {

  /** Power of two. */
  private static final int WORDS = 4;

  /**
   * RFC 3711 wants 64 at least. 192 packets are almost four seconds of audio: whatever comes later
   * is of no use to anybody.
   */
  static final int SIZE = (WORDS - 1) * Long.SIZE;

  private final long[] bits = new long[WORDS];
  private long highest = -1;

  /** The highest index that was marked, -1 before the first. */
  long highest() {
    return highest;
  }

  /** Neither seen nor too old. */
  public boolean admits(long index) {
    if (index > highest) {
      return true;
    }
    return index > highest - SIZE && (bits[word(index >> 6)] & 1L << index) == 0;
  }

  /** It has been seen. */
  public void mark(long index) {
    if (index > highest) {
      long from = highest >> 6;
      long steps = Math.min((index >> 6) - from, WORDS);
      for (long step = 1; step <= steps; step++) {
        bits[word(from + step)] = 0;
      }
      highest = index;
    }
    bits[word(index >> 6)] |= 1L << index;
  }

  private static int word(long block) {
    return (int) block & (WORDS - 1);
  }
}
