package parley.load.impair;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What happens to the packets of one direction, one after the other. The same dice and the same
 * times give the same fates.
 */
public final class Fate {

  private final RandomGenerator dice;
  private boolean inBurst;
  private long lastDueNs = Long.MIN_VALUE;
  private boolean lost;
  private boolean twice;
  private long dueNs;
  private long firstDueNs;

  public Fate(RandomGenerator dice) {
    this.dice = dice;
  }

  /** The next packet is sent; what becomes of it is told by the methods below. */
  public void next(Impairment impairment, long nowNs) {
    // All dice are thrown for every packet, so that a fate does not depend on another's.
    lost = isLost(impairment, dice.nextDouble());
    twice = dice.nextDouble() < impairment.duplicate();
    boolean late = dice.nextDouble() < impairment.reorder();
    long jitterNs = (long) (dice.nextDouble() * impairment.jitter().toNanos());
    if (lost) {
      return;
    }
    // A queue in a router keeps the order: jitter never lets a packet overtake the one before.
    firstDueNs = Math.max(nowNs + impairment.delay().toNanos() + jitterNs, lastDueNs);
    lastDueNs = firstDueNs;
    Duration held = late ? impairment.reorderBy() : Duration.ZERO;
    dueNs = firstDueNs + held.toNanos();
  }

  /** Gilbert's model: in a burst everything is lost, outside nothing. */
  private boolean isLost(Impairment impairment, double die) {
    double loss = impairment.loss();
    if (impairment.burst() == 1 || loss == 1) {
      return die < loss;
    }
    double begins = loss / (impairment.burst() * (1 - loss));
    inBurst = inBurst ? die >= 1 / impairment.burst() : die < begins;
    return inBurst;
  }

  public boolean lost() {
    return lost;
  }

  /** When it arrives. */
  public long dueNs() {
    return dueNs;
  }

  /** Whether it arrives once more, and that at {@link #copyDueNs}. */
  public boolean twice() {
    return twice;
  }

  public long copyDueNs() {
    return firstDueNs;
  }
}
