package parley.load.bench.server;

/**
 * How fast people come.
 *
 * @param perSecond in the end
 * @param slowFirst so many come at a quarter of it before
 */
public record Pace(int perSecond, int slowFirst) {

  private static final int SLOWER = 4;

  public Pace {
    if (perSecond < 1 || slowFirst < 0) {
      throw new IllegalArgumentException("no such pace: " + perSecond + " a second");
    }
  }

  /** All at the same pace. */
  public static Pace even(int perSecond) {
    return new Pace(perSecond, 0);
  }

  /** Nanoseconds from the first one to that one. */
  long dueNs(int person) {
    long slow = Math.min(person, slowFirst);
    return (SLOWER * slow + (person - slow)) * 1_000_000_000L / perSecond;
  }
}
