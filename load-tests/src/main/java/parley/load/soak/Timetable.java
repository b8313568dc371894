package parley.load.soak;

import java.util.List;

/**
 * When what happens in a soak, in minutes from its beginning.
 *
 * @param frozenAt until then the load is brought to where it is wanted, and a server that was just
 *     started grows: it loads classes, fills pools and its caches. From then on the load stays
 * @param judgedFrom when calls of the time before are over, but for a few
 */
record Timetable(double frozenAt, double judgedFrom) {

  /** Three minutes make a trend, of which there is then none to spare. */
  static final int SHORTEST = 6;

  private static final double SETTLING_SHARE = 0.25;

  private static final double MOST_SETTLING = 15;

  /** The longest of the calls last half a minute on average. */
  private static final double FADING = 1;

  static Timetable of(int minutes) {
    double settling = Math.min(MOST_SETTLING, SETTLING_SHARE * minutes);
    return new Timetable(settling, settling + FADING);
  }

  /** Those that began when they count. */
  List<Minute> judged(List<Minute> all) {
    return all.stream().filter(minute -> minute.at() - 1 >= judgedFrom).toList();
  }
}
