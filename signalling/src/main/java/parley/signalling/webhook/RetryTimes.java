package parley.signalling.webhook;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How patient we are with receivers.
 *
 * @param timeout for a whole answer
 * @param first about how long after a first failure the second attempt comes; each further pause is
 *     twice as long
 * @param longest no pause is longer
 * @param giveUp an event that is older is thrown away
 */
public record RetryTimes(Duration timeout, Duration first, Duration longest, Duration giveUp) {

  public RetryTimes {
    if (!timeout.isPositive() || !first.isPositive() || !giveUp.isPositive()) {
      throw new IllegalArgumentException("every time of retries is longer than nothing");
    }
    if (longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("the longest pause is not shorter than the first");
    }
  }

  /**
   * The pause after so many failures in a row: between half of the full pause and all of it, so
   * that what failed together does not come again together.
   */
  long pauseNs(int failures, RandomGenerator random) {
    long firstNs = first.toNanos();
    long fullNs = longest.toNanos();
    if (failures <= Long.numberOfLeadingZeros(firstNs)) {
      fullNs = Math.min(fullNs, firstNs << Math.max(0, failures - 1));
    }
    return fullNs / 2 + random.nextLong(fullNs / 2 + 1);
  }
}
