package parley.relay.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of what should have been recorded was. What a participant sent, or would have been heard
 * saying, between joining and leaving is due; what he muted, or did not send, is not.
 *
 * @param score {@code held / due}, rounded down to four digits, so that 1 means everything; 1 when
 *     nothing was due
 * @param due seconds
 * @param held seconds of these that are on the track
 * @param missing seconds of these that are not, by cause
 * @param notDue seconds for which nothing had to be recorded, by cause
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Completeness(
    double score,
    double due,
    double held,
    Map<String, Double> missing,
    Map<String, Double> notDue) {

  /** Of one participant, who was there for so many samples. */
  static Completeness of(long present, GapLedger gaps) {
    long notDue = 0;
    long missing = 0;
    Map<String, Double> missingBy = new LinkedHashMap<>();
    Map<String, Double> notDueBy = new LinkedHashMap<>();
    for (Gap.Why why : Gap.Why.values()) {
      long total = gaps.total(why);
      if (total > 0) {
        (why.isDue() ? missingBy : notDueBy).put(why.word(), CallDocument.seconds(total));
        missing += why.isDue() ? total : 0;
        notDue += why.isDue() ? 0 : total;
      }
    }
    long due = Math.max(0, present - notDue);
    long held = Math.max(0, due - missing);
    return new Completeness(
        score(held, due),
        CallDocument.seconds(due),
        CallDocument.seconds(held),
        missingBy,
        notDueBy);
  }

  /** Of all of them together. */
  static Completeness of(List<Completeness> all) {
    double due = 0;
    double held = 0;
    Map<String, Double> missing = new LinkedHashMap<>();
    Map<String, Double> notDue = new LinkedHashMap<>();
    for (Completeness one : all) {
      due += one.due;
      held += one.held;
      one.missing.forEach((why, seconds) -> missing.merge(why, seconds, Completeness::plus));
      one.notDue.forEach((why, seconds) -> notDue.merge(why, seconds, Completeness::plus));
    }
    return new Completeness(
        score(Math.round(held * 48_000), Math.round(due * 48_000)),
        round(due),
        round(held),
        missing,
        notDue);
  }

  private static double plus(double a, double b) {
    return round(a + b);
  }

  private static double round(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }

  private static double score(long held, long due) {
    return due <= 0 ? 1 : Math.floor(10_000.0 * held / due) / 10_000;
  }
}
