package parley.signalling.call;

/**
 * When to tell everyone what the call looks like. The first change is told at once; those that
 * follow closely are told together, the later the longer the list of participants is: however many
 * are in the call, and whatever they do, each of them is sent some 60 KB a second at most.
 */
final class StateMerger {
  /**
   * An onliner is some 300 bytes, so that a state of n of them every 5 n ms is 60 KB a second to
   * each; and since a thousand take 5 s, a thousand who join in ten seconds make five messages
   * each, not a thousand.
   */
  private static final long NS_PER_PARTICIPANT = 5_000_000;

  private final long intervalNs;
  private boolean changed;
  private long notBeforeNs = Long.MIN_VALUE;

  StateMerger(long intervalNs) {
    this.intervalNs = intervalNs;
  }

  void changed() {
    changed = true;
  }

  /** Whether to tell now; if so, what has changed until now counts as told. */
  boolean take(int participants, long nowNs) {
    if (!changed || nowNs < notBeforeNs) {
      return false;
    }
    changed = false;
    notBeforeNs = nowNs + intervalNs + NS_PER_PARTICIPANT * participants;
    return true;
  }

  long nextDeadlineNs() {
    return changed ? notBeforeNs : Long.MAX_VALUE;
  }
}
