package parley.relay.quality;

import parley.relay.api.LegFigures;

/**
 * Finds jumps of a stream's clock against ours: the shortest way of a second's packets changes at
 * once and stays so. What the network holds up changes it for a moment only.
 */
final class StreamClock {

  /** A step that no receiver's buffer follows. */
  private static final double STEP_MS = 500;

  /** For so long a jump stays what is to tell, or nobody would see it. */
  private static final long TOLD_NS = 10_000_000_000L;

  private double settledMs = Double.NaN;
  private boolean suspected;
  private boolean jumped;
  private long jumpedNs;

  void on(Observation now, Observation last) {
    LegFigures.Up up = now.figures().up();
    if (up.muted() || up.expected() < last.figures().up().expected()) {
      settledMs = Double.NaN; // a muted client may stop its clock; another stream has another
      suspected = false;
      return;
    }
    double transitMs = up.transitMs();
    if (Double.isNaN(transitMs)) {
      return;
    }
    boolean away = Math.abs(transitMs - settledMs) > STEP_MS; // false while nothing has settled
    if (away && !suspected) {
      suspected = true;
      return;
    }
    if (away) {
      jumped = true;
      jumpedNs = now.atNs();
    }
    suspected = false;
    settledMs = transitMs;
  }

  boolean jumped(long nowNs) {
    return jumped && nowNs - jumpedNs < TOLD_NS;
  }
}
