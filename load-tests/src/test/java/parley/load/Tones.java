package parley.load;

import java.util.List;

/**
 * A tone for each person, Hz. Each is about 1.53 times the one before, so that no harmonic of one
 * lies near another; all lie where Opus keeps them at any bit rate.
 */
final class Tones {

  static final int FRANK = 311;
  static final int ALICE = 463;
  static final int BOB = 719;
  static final int CAROL = 1091;
  static final int DAVE = 1657;
  static final int ERIN = 2513;

  static final List<Integer> ALL = List.of(FRANK, ALICE, BOB, CAROL, DAVE, ERIN);

  private Tones() {}
}
