package parley.signalling.session;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Something that happens in a {@link Life}. The numbers choose among what there is at that moment,
 * so that a list of steps can be lived whatever is taken out of it.
 */
record Step(What what, int who, int which, int how) {

  enum What {
    /** A device signs in. */
    CONNECT(5),
    /** A socket dies, for the server to learn at once. */
    DIE(4),
    /** A client says something about a call. */
    SAY(40),
    /** A client says its last event again, as if it had heard no confirmation. */
    REPEAT(5),
    /** A client confirms what it has kept silent about. */
    CONFIRM(3),
    /** A client says what nobody should. */
    NONSENSE(2),
    /** The relay works off some commands, and what it has to say arrives. */
    RELAY(25),
    /** The relay gives up, forgets, and hears voices. */
    MISCHIEF(5),
    /** The relay has too much to do for a moment. */
    OVERLOAD(1),
    /** People come into chats, and leave chats and the team. */
    TEAM(1),
    /** Time passes. */
    PASS(10);

    private final int weight;

    What(int weight) {
      this.weight = weight;
    }
  }

  private static final What[] WEIGHTED = weighted();

  static List<Step> random(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Step> steps = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      What what = WEIGHTED[random.nextInt(WEIGHTED.length)];
      steps.add(
          new Step(
              what, random.nextInt(1 << 20), random.nextInt(1 << 20), random.nextInt(1 << 20)));
    }
    return steps;
  }

  private static What[] weighted() {
    List<What> all = new ArrayList<>();
    for (What what : What.values()) {
      for (int i = 0; i < what.weight; i++) {
        all.add(what);
      }
    }
    return all.toArray(What[]::new);
  }
}
