package parley.load.impair;

import java.time.Duration;

/**
 * What a bad network does to packets of one direction. Probabilities are between 0 and 1 and drawn
 * for each packet by itself.
 *
 * @param loss a packet never arrives
 * @param burst how many packets in a row are lost on average; 1: each by itself
 * @param duplicate a packet arrives twice
 * @param reorder a packet is held back by {@code reorderBy}, so that later ones overtake it
 * @param delay added to every packet
 * @param jitter added on top, evenly spread between zero and this; it alone does not change the
 *     order
 * @param reorderBy how long a packet that is overtaken is held back
 */
public record Impairment(
    double loss,
    double burst,
    double duplicate,
    double reorder,
    Duration delay,
    Duration jitter,
    Duration reorderBy) {

  /** A network that does nothing to packets. */
  public static final Impairment NONE =
      new Impairment(0, 1, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /** A network that lets nothing through, as between two cells or in a lift. */
  public static final Impairment BLACKOUT = NONE.withLoss(1);

  public Impairment {
    for (double probability : new double[] {loss, duplicate, reorder}) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("no probability: " + probability);
      }
    }
    if (!(burst >= 1)) {
      throw new IllegalArgumentException("a burst has one packet at least: " + burst);
    }
    if (delay.isNegative() || jitter.isNegative() || reorderBy.isNegative()) {
      throw new IllegalArgumentException("packets cannot arrive before they were sent");
    }
  }

  public Impairment withLoss(double probability) {
    return new Impairment(probability, 1, duplicate, reorder, delay, jitter, reorderBy);
  }

  /** Loss in bursts (Gilbert's model): nothing arrives while one lasts. */
  public Impairment withBurstyLoss(double probability, double packetsInARow) {
    return new Impairment(probability, packetsInARow, duplicate, reorder, delay, jitter, reorderBy);
  }

  public Impairment withDuplicate(double probability) {
    return new Impairment(loss, burst, probability, reorder, delay, jitter, reorderBy);
  }

  public Impairment withReorder(double probability, Duration by) {
    return new Impairment(loss, burst, duplicate, probability, delay, jitter, by);
  }

  public Impairment withDelay(Duration constant, Duration upTo) {
    return new Impairment(loss, burst, duplicate, reorder, constant, upTo, reorderBy);
  }
}
