package parley.load;

import java.util.List;

/**
 * A tone for each person, Hz. Each is about 1.53 times the one before, so that no harmonic of one
 * lies near another; all lie where Opus keeps them at any bit rate.
 */
public final class Tones {

  public static final int FRANK = 311;
  public static final int ALICE = 463;
  public static final int BOB = 719;
  public static final int CAROL = 1091;
  public static final int DAVE = 1657;
  public static final int ERIN = 2513;

  public static final List<Integer> ALL = List.of(FRANK, ALICE, BOB, CAROL, DAVE, ERIN);

  private Tones() {}
}
