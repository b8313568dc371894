package parley.load.scenario;

import parley.signalling.settings.Setting;

/**
 * Calls of one kind, so many of which are kept going.
 *
 * @param lastsS mean, exponentially distributed; NaN: a minute for direct calls, all the time for
 *     groups
 * @param answeredAfterS mean, exponentially distributed; NaN: two
 * @param people 0: two
 * @param talkers 0: all
 */
public record CallPlan(
    @Setting(
            value = "direct: one rings, the other accepts; group: people join one after the other",
            oneOf = {"direct", "group"})
        String kind,
    @Setting(value = "How many such calls there are at a time", min = 1, max = 100_000) int atOnce,
    @Setting(
            value =
                "Mean seconds that a call lasts; when left out 60 for direct calls, and groups last"
                    + " until the end",
            min = 1,
            max = 604_800,
            optional = true)
        double lastsS,
    @Setting(
            value = "direct: mean seconds that it rings; 2 when left out",
            max = 3_600,
            optional = true)
        double answeredAfterS,
    @Setting(value = "direct: how many are declined", max = 100, optional = true)
        double rejectedPercent,
    @Setting(value = "direct: how many are given up by the caller", max = 100, optional = true)
        double cancelledPercent,
    @Setting(
            value = "group: how many are in the call; 2 when left out",
            min = 0,
            max = 10_000,
            optional = true)
        int people,
    @Setting(
            value = "group: how many of them ever talk; all when left out",
            max = 10_000,
            optional = true)
        int talkers,
    @Setting(
            value =
                "group: how many leave each second, over all such calls; somebody else comes for"
                    + " each",
            max = 1_000,
            optional = true)
        double changesPerS,
    @Setting(
            value =
                "How many offer again each second, over all such calls, with new ICE credentials,"
                    + " as clients do whose network has changed",
            max = 1_000,
            optional = true)
        double restartsPerS,
    @Setting(
            "Whether the calls are recorded; of a server that is not started for this, its own"
                + " directory says so")
        boolean recorded) {

  private static final double USUAL_DIRECT_S = 60;
  private static final double USUAL_RING_S = 2;

  public CallPlan {
    boolean direct = kind.equals("direct");
    refuse(direct && people > 2, "people is for groups; a direct call has two");
    refuse(direct && talkers > 0, "talkers is for groups; in a direct call both talk");
    refuse(direct && changesPerS > 0, "changes_per_s is for groups");
    refuse(!direct && rejectedPercent > 0, "rejected_percent is for direct calls");
    refuse(!direct && cancelledPercent > 0, "cancelled_percent is for direct calls");
    refuse(!direct && answeredAfterS > 0, "answered_after_s is for direct calls");
    refuse(people == 1, "people is 1; a call has two at least");
    people = people == 0 ? 2 : people;
    refuse(
        talkers > people,
        "talkers is %d and people %d; not more can talk than are there".formatted(talkers, people));
    talkers = talkers == 0 ? people : talkers;
    rejectedPercent = orElse(rejectedPercent, 0);
    cancelledPercent = orElse(cancelledPercent, 0);
    refuse(
        rejectedPercent + cancelledPercent > 100,
        "rejected_percent and cancelled_percent add up to more than 100");
    lastsS = orElse(lastsS, direct ? USUAL_DIRECT_S : Double.POSITIVE_INFINITY);
    answeredAfterS = direct ? orElse(answeredAfterS, USUAL_RING_S) : 0;
    changesPerS = orElse(changesPerS, 0);
    restartsPerS = orElse(restartsPerS, 0);
  }

  private static void refuse(boolean wrong, String sentence) {
    if (wrong) {
      throw new IllegalArgumentException(sentence);
    }
  }

  private static double orElse(double value, double usual) {
    return Double.isNaN(value) ? usual : value;
  }

  public boolean direct() {
    return kind.equals("direct");
  }

  /**
   * How many people are needed for one call of this plan: in groups that change, half as many again
   * wait outside.
   */
  public int peopleEach() {
    return changesPerS > 0 ? people + Math.max(1, people / 2) : people;
  }

  /** The most calls of this plan at the largest load of the phases. */
  public int atOnce(double load) {
    return (int) Math.round(load * atOnce);
  }

  CallPlan scaled(double factor) {
    return new CallPlan(
        kind,
        Math.max(1, (int) Math.round(factor * atOnce)),
        lastsS,
        answeredAfterS,
        rejectedPercent,
        cancelledPercent,
        people,
        direct() ? 0 : talkers,
        factor * changesPerS,
        factor * restartsPerS,
        recorded);
  }
}
