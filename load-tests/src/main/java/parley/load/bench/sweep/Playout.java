package parley.load.bench.sweep;

import java.util.Arrays;

/**
 * A receiver's jitter buffer, frame by frame: a frame is heard when it is there as its time comes.
 * Adapts as receivers do: waits as long as 97 of the last 100 frames needed, grows at once by
 * making up a frame, and shrinks by leaving one out when all of the last five seconds could have
 * been played earlier.
 */
final class Playout {

  static final long FRAME_NS = 20_000_000L;

  /** NetEq's own limit is higher; who hears later than this talks over the others. */
  private static final long MOST_NS = 400_000_000L;

  private static final int HISTORY = 500;
  private static final double COVERED = 0.97;

  private final boolean[] came;
  private final boolean[] byCopy;
  private final long[] lateness = new long[HISTORY];
  private int seen;
  private long delayNs = 2 * FRAME_NS;
  private long dueNs = Long.MIN_VALUE; // of the next frame
  private int next;
  private long bestTransitNs = Long.MAX_VALUE;
  private long heard;
  private long concealed;
  private long delaySumNs;
  private long played;
  private long longestGap;
  private long gap;

  /**
   * @param frames how many will be sent
   */
  Playout(int frames) {
    came = new boolean[frames];
    byCopy = new boolean[frames];
  }

  /**
   * A frame came, as itself or as a copy that is as good.
   *
   * @param sentNs when it left its sender
   */
  void onFrame(int frame, long sentNs, long nowNs) {
    if (came[frame]) {
      return;
    }
    long transitNs = nowNs - sentNs;
    bestTransitNs = Math.min(bestTransitNs, transitNs);
    lateness[seen++ % HISTORY] = transitNs - bestTransitNs;
    came[frame] = frame >= next;
    if (dueNs == Long.MIN_VALUE) {
      next = frame;
      came[frame] = true;
      dueNs = nowNs + delayNs;
    }
  }

  /**
   * The frame after it carries a softer copy of this one, which is taken when nothing better is.
   */
  void onCopy(int frame) {
    if (frame >= 0) {
      byCopy[frame] = true;
    }
  }

  /** Plays what is due. */
  void play(long nowNs) {
    while (dueNs != Long.MIN_VALUE && dueNs <= nowNs && next < came.length) {
      adapt();
      if (came[next] || byCopy[next]) {
        heard++;
        gap = 0;
      } else {
        concealed++;
        longestGap = Math.max(longestGap, ++gap);
      }
      delaySumNs += delayNs;
      played++;
      next++;
      dueNs += FRAME_NS;
    }
  }

  private void adapt() {
    int known = Math.min(seen, HISTORY);
    if (known < 20 || next % 5 != 0) {
      return;
    }
    long[] sorted = Arrays.copyOf(lateness, known);
    Arrays.sort(sorted);
    long wanted =
        Math.clamp(
            sorted[(int) Math.ceil(COVERED * known) - 1] + FRAME_NS / 2, FRAME_NS / 2, MOST_NS);
    if (wanted > delayNs) {
      // Stretched: what is made up counts as such.
      int frames = (int) ((wanted - delayNs + FRAME_NS - 1) / FRAME_NS);
      concealed += frames;
      played += frames;
      delayNs += frames * FRAME_NS;
      dueNs += frames * FRAME_NS;
    } else if (wanted < delayNs - 2 * FRAME_NS && next % 25 == 0) {
      delayNs -= FRAME_NS;
      dueNs -= FRAME_NS;
    }
  }

  /** Of all frames that were played, the share that was neither missing nor made up. */
  double heardShare() {
    return (double) heard / Math.max(1, played);
  }

  double concealedShare() {
    return (double) concealed / Math.max(1, played);
  }

  double delayMs() {
    return delaySumNs / 1e6 / Math.max(1, heard + concealed);
  }

  /** The longest stretch in which nothing was heard. */
  double longestGapMs() {
    return longestGap * FRAME_NS / 1e6;
  }
}
