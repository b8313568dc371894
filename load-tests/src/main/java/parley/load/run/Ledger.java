package parley.load.run;

import java.util.Map;
import java.util.TreeMap;
import parley.load.bench.measure.LatencyHistogram;

/**
 * What happened to the people: how long it took, and what went wrong. Any thread. What is taken out
 * of it is what came since it was last taken.
 */
final class Ledger {

  /** Causes are sentences of ours and the server's; more than these are "other". */
  private static final int CAUSES = 40;

  private static final int MAX_CAUSE_CHARS = 100;

  private LatencyHistogram setUp = new LatencyHistogram();
  private LatencyHistogram ring = new LatencyHistogram();
  private LatencyHistogram restart = new LatencyHistogram();
  private long tried;
  private long failed;
  private Map<String, Long> errors = new TreeMap<>();

  /**
   * @param setUp from an offer until there are keys
   * @param ring from the caller's offer until the other is rung
   * @param restart from an offer with new credentials until the path is there again
   * @param tried joins that were begun and have ended, well or not
   * @param errors by cause
   */
  record Page(
      LatencyHistogram setUp,
      LatencyHistogram ring,
      LatencyHistogram restart,
      long tried,
      long failed,
      Map<String, Long> errors) {}

  synchronized Page take() {
    Page page = new Page(setUp, ring, restart, tried, failed, errors);
    setUp = new LatencyHistogram();
    ring = new LatencyHistogram();
    restart = new LatencyHistogram();
    tried = 0;
    failed = 0;
    errors = new TreeMap<>();
    return page;
  }

  synchronized void joined(long ns) {
    setUp.record(ns);
    tried++;
  }

  synchronized void rung(long ns) {
    ring.record(ns);
  }

  synchronized void restarted(long ns) {
    restart.record(ns);
  }

  /** A join came to nothing. */
  synchronized void failed(String cause) {
    tried++;
    failed++;
    error(cause);
  }

  /** Anything that should not be. */
  synchronized void error(String cause) {
    String shortened =
        cause.length() <= MAX_CAUSE_CHARS ? cause : cause.substring(0, MAX_CAUSE_CHARS) + "…";
    boolean known = errors.containsKey(shortened) || errors.size() < CAUSES;
    errors.merge(known ? shortened : "other", 1L, Long::sum);
  }
}
