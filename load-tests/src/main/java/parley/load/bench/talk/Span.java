package parley.load.bench.talk;

/**
 * A stretch of time.
 *
 * @param fromMs since the track's beginning
 */
record Span(double fromMs, double toMs) {

  double lengthMs() {
    return toMs - fromMs;
  }

  boolean overlaps(double otherFromMs, double otherToMs) {
    return fromMs < otherToMs && otherFromMs < toMs;
  }

  /** How much of the other lies in it. */
  double sharedMs(double otherFromMs, double otherToMs) {
    return Math.max(0, Math.min(toMs, otherToMs) - Math.max(fromMs, otherFromMs));
  }
}
