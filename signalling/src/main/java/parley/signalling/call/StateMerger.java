package parley.signalling.call;

/**
 * When to tell everyone what the call looks like. The first change is told at once; those that
 * follow closely are told together, so that a thousand people joining do not make a million
 * messages.
 */
final class StateMerger {
  /** Each hundred participants make the message longer and its readers more: tell it less often. */
  private static final int PARTICIPANTS_PER_INTERVAL = 100;

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
    notBeforeNs = nowNs + intervalNs * (1 + participants / PARTICIPANTS_PER_INTERVAL);
    return true;
  }

  long nextDeadlineNs() {
    return changed ? notBeforeNs : Long.MAX_VALUE;
  }
}
