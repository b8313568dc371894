package parley.load.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of many people joining one call.
 *
 * @param answeredS seconds from the first offer to the last answer
 * @param settledS seconds from the first offer until the last was told of everybody
 * @param right how many ended in the right state
 * @param listBytes the list of participants at the end, as everyone was told
 * @param bytes sent to all of them from the first offer on, by event
 */
record JoinResult(
    int people,
    double answeredS,
    double settledS,
    int right,
    int listBytes,
    Map<String, Long> bytes) {

  private static final double KB = 1000;

  /** What each was sent, in lists of all participants. */
  double listsEach() {
    return bytesEach() / listBytes;
  }

  double bytesEach() {
    return (double) bytes.values().stream().mapToLong(Long::longValue).sum() / people;
  }

  private double kbEach(String event) {
    return bytes.getOrDefault(event, 0L) / KB / people;
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "%7d %9.2f %9.2f %7d %9.1f | %9.1f %9.1f %9.1f %9.1f %8.2f",
        people,
        answeredS,
        settledS,
        right,
        listBytes / KB,
        bytesEach() / KB,
        kbEach("server.call.state"),
        kbEach("server.call.answer"),
        kbEach("server.online"),
        listsEach());
  }

  /** Everyone is right, and nothing grows faster than the list. */
  static boolean areGood(List<JoinResult> results, double tolerance) {
    double most = Double.MAX_VALUE;
    for (JoinResult result : results) {
      if (result.right() < result.people() || result.listsEach() > most * tolerance) {
        return false;
      }
      most = Math.min(most, result.listsEach());
    }
    return true;
  }
}
