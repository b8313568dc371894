package parley.load.soak;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps processors as busy as wanted by the number of calls, until it is told to leave that number
 * as it is. One thread.
 */
final class Thermostat {

  /** Calls last for seconds, so that a change shows late; a quarter of what seems right at once. */
  private static final double GAIN = 0.25;

  private static final double LEAST = 0.05;
  private static final double MOST = 1;

  /** Levels that the last one is the mean of: each by itself follows the moment. */
  private static final int LATELY = 10;

  private final double wanted;
  private final Deque<Double> lately = new ArrayDeque<>();
  private double level;
  private boolean frozen;

  /**
   * @param wanted share of all processors, 0 to 1
   * @param level to begin with
   */
  Thermostat(double wanted, double level) {
    this.wanted = wanted;
    this.level = level;
  }

  /** How much of the scenario there is to be, 0 to 1. */
  double level() {
    return level;
  }

  /**
   * So busy it was of late.
   *
   * @param busy share of all processors, 0 to 1
   */
  void onBusy(double busy) {
    if (frozen || busy <= 0) {
      return;
    }
    level = Math.clamp(level * (1 + GAIN * (wanted / busy - 1)), LEAST, MOST);
    lately.addLast(level);
    if (lately.size() > LATELY) {
      lately.removeFirst();
    }
  }

  /** From now on the load stays as it was of late, however busy the processors are. */
  void freeze() {
    if (!frozen) {
      frozen = true;
      level = lately.stream().mapToDouble(Double::doubleValue).average().orElse(level);
    }
  }
}
