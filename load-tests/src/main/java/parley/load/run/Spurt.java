package parley.load.run;

import java.util.Set;

/**
 * What somebody says without a pause, and who of the call has heard nothing of it so far. Owned by
 * the swarm's thread.
 */
final class Spurt {

  /** A server may take a moment to choose its speakers; of so much something must be heard. */
  private static final long JUDGED_NS = 1_000_000_000L;

  /** What is sent last may take so long. */
  private static final long LINGER_NS = 800_000_000L;

  final int id;
  final Set<Talker> waiting;
  private final long beganNs;
  private long endedNs = Long.MAX_VALUE;

  /** More talk than a server forwards: not all have to be heard. */
  boolean contested;

  Spurt(int id, Set<Talker> waiting, long beganNs) {
    this.id = id;
    this.waiting = waiting;
    this.beganNs = beganNs;
  }

  void end(long nowNs) {
    endedNs = nowNs;
  }

  /** Nothing of it can still come. */
  boolean isOver(long nowNs) {
    return endedNs < nowNs - LINGER_NS;
  }

  /** How many should have heard something of it and did not. */
  int unheard() {
    return contested || endedNs - beganNs < JUDGED_NS ? 0 : waiting.size();
  }
}
