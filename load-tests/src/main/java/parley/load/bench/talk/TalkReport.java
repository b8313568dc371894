package parley.load.bench.talk;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out, for people. */
final class TalkReport {

  /** Ms from the first sound of a sentence, at the median and for 95 of 100. */
  private static final double ON_MS = 150;

  private static final double OFF_MS = 600;

  private final List<TalkBench.Contender> contenders;
  private final double latestMs;

  TalkReport(TalkBench.Outcome outcome) {
    this.contenders = List.copyOf(outcome.contenders());
    this.latestMs = outcome.latestMs();
  }

  String table() {
    Formatter out = new Formatter(Locale.ROOT);
    out.format(
        "%-18s %-15s %9s %7s %17s %20s %11s %12s %12s%n",
        "server",
        "sound",
        "sentences",
        "unseen",
        "on ms p50/95/max",
        "off ms p50/95/max",
        "false s/min",
        "missed s/min",
        "flickers/min");
    for (TalkBench.Contender contender : contenders) {
      for (Map.Entry<String, TalkScore> row : contender.scores().entrySet()) {
        row(out, contender.name(), row.getKey(), row.getValue());
      }
    }
    for (TalkBench.Contender contender : contenders) {
      out.format("%s: %s%n", contender.name(), contender.version());
    }
    out.format("generator: a packet late by %.1f ms at worst%n", latestMs);
    return out.toString();
  }

  private static void row(Formatter out, String name, String kind, TalkScore score) {
    boolean speech = score.sentences > 0;
    out.format(
        Locale.ROOT,
        "%-18s %-15s %9s %7s %17s %20s %11.2f %12s %12.2f%n",
        name,
        kind,
        speech ? score.sentences : "-",
        speech ? score.missed : "-",
        delays(score.onMs),
        delays(score.offMs),
        score.falseSecondsAMinute(),
        speech ? String.format(Locale.ROOT, "%.2f", score.missedSecondsAMinute()) : "-",
        score.aMinute(score.flickers + score.falseOns));
  }

  private static String delays(List<Double> ms) {
    return ms.isEmpty()
        ? "-"
        : String.format(
            Locale.ROOT,
            "%.0f / %.0f / %.0f",
            TalkScore.percentile(ms, 0.5),
            TalkScore.percentile(ms, 0.95),
            TalkScore.percentile(ms, 1));
  }

  /** What Parley misses of its targets, by sound; empty when it meets them all. */
  List<String> missed() {
    List<String> missed = new ArrayList<>();
    for (TalkBench.Contender contender : contenders) {
      if (contender.name().startsWith("parley")) {
        contender.scores().forEach((kind, score) -> missed.addAll(missed(contender, kind, score)));
      }
    }
    return missed;
  }

  private static List<String> missed(TalkBench.Contender contender, String kind, TalkScore score) {
    List<String> missed = new ArrayList<>();
    String where = contender.name() + ", " + kind + ": ";
    if (score.missed > 0) {
      missed.add(where + score.missed + " sentences were not seen at all");
    }
    if (TalkScore.percentile(score.onMs, 0.95) > ON_MS) {
      missed.add(where + "one in twenty is on later than 150 ms");
    }
    if (TalkScore.percentile(score.offMs, 0.95) > OFF_MS) {
      missed.add(where + "one in twenty is off later than 600 ms");
    }
    if (score.falseOns > 0 || score.flickers > 0) {
      missed.add(where + "flickered " + (score.falseOns + score.flickers) + " times");
    }
    return missed;
  }
}
