package parley.load.bench.talk;

import java.util.ArrayList;
import java.util.List;

/**
 * What was told of tracks of one kind, held against what was said.
 *
 * <p>Right is: on within a second of the sentence's beginning, off within two seconds of its end,
 * and nothing in between.
 */
final class TalkScore {

  /** One change of {@code talking}. */
  record Change(double atMs, boolean on) {}

  /** Talk that lasts longer than this behind its sentence is false; until then it is an end. */
  static final double LATEST_OFF_MS = 600;

  final List<Double> onMs = new ArrayList<>();
  final List<Double> offMs = new ArrayList<>();

  /** Sentences; of those, how many lit nothing up. */
  int sentences;

  int missed;

  /** Times that it went on outside any sentence. */
  int falseOns;

  /** Times that it went off within a sentence. */
  int flickers;

  double speechMs;
  double falseMs;
  double missedMs;
  double lengthMs;

  /**
   * Adds a track.
   *
   * @param changes in order
   */
  void add(Track track, List<Change> changes) {
    lengthMs += track.lengthMs();
    List<Span> talking = spans(changes, track.lengthMs());
    for (Span sentence : track.speech()) {
      sentences++;
      speechMs += sentence.lengthMs();
      double covered = 0;
      Span first = null;
      Span last = null;
      int parts = 0;
      for (Span span : talking) {
        if (span.overlaps(sentence.fromMs(), sentence.toMs() + LATEST_OFF_MS)) {
          covered += sentence.sharedMs(span.fromMs(), span.toMs());
          first = first == null ? span : first;
          last = span;
          parts++;
        }
      }
      missedMs += sentence.lengthMs() - covered;
      if (first == null || last == null) {
        missed++;
        continue;
      }
      flickers += parts - 1;
      // Already on before he began: nobody was told of this sentence, but that is counted as false.
      if (first.fromMs() >= sentence.fromMs()) {
        onMs.add(first.fromMs() - sentence.fromMs());
      }
      offMs.add(last.toMs() - sentence.toMs());
    }
    for (Span span : talking) {
      double right = 0;
      boolean any = false;
      for (Span sentence : track.speech()) {
        right += span.sharedMs(sentence.fromMs(), sentence.toMs() + LATEST_OFF_MS);
        any |= span.overlaps(sentence.fromMs(), sentence.toMs() + LATEST_OFF_MS);
      }
      falseMs += span.lengthMs() - right;
      falseOns += any ? 0 : 1;
    }
  }

  private static List<Span> spans(List<Change> changes, double endMs) {
    List<Span> spans = new ArrayList<>();
    double since = -1;
    for (Change change : changes) {
      if (change.on() && since < 0) {
        since = change.atMs();
      } else if (!change.on() && since >= 0) {
        spans.add(new Span(since, change.atMs()));
        since = -1;
      }
    }
    if (since >= 0) {
      spans.add(new Span(since, endMs));
    }
    return spans;
  }

  /** The delay that this share did not exceed; not a number when there is none. */
  static double percentile(List<Double> delays, double share) {
    List<Double> sorted = delays.stream().sorted().toList();
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get(Math.clamp((int) Math.ceil(share * sorted.size()) - 1, 0, sorted.size() - 1));
  }

  /** Seconds of talk outside of speech, in a minute of pause. */
  double falseSecondsAMinute() {
    return 60 * falseMs / Math.max(1, lengthMs - speechMs);
  }

  /** Seconds of speech without talk, in a minute of speech; the way to the onset counts too. */
  double missedSecondsAMinute() {
    return 60 * missedMs / Math.max(1, speechMs);
  }

  double aMinute(int times) {
    return 60_000 * times / Math.max(1, lengthMs);
  }
}
