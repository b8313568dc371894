package parley.load.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was seen of each event: how many frames, what was wrong with them, what they did. */
final class Ledger {

  private static final class Entry {
    int frames;
    final List<String> wrong = new ArrayList<>();
    final List<String> shown = new ArrayList<>();
  }

  private final EventSchemas schemas;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<Rule, String> rules = new EnumMap<>(Rule.class);
  private final List<String> failures = new ArrayList<>();

  Ledger(EventSchemas schemas) {
    this.schemas = schemas;
    schemas.clientEvents().forEach(event -> entries.put(event, new Entry()));
    schemas.serverEvents().forEach(event -> entries.put(event, new Entry()));
  }

  /** One frame, in either direction. */
  synchronized void frame(JsonNode frame) {
    List<String> problems = schemas.problems(frame);
    Entry entry = entries.get(frame.path("event").asText());
    if (entry == null) {
      failures.addAll(problems);
      return;
    }
    entry.frames++;
    entry.wrong.addAll(problems);
  }

  /** An event did what it is for. */
  synchronized void shown(String event, String how) {
    Entry entry = entries.get(event);
    if (entry == null) {
      throw new IllegalArgumentException(event);
    }
    entry.shown.add(how);
  }

  /**
   * A rule was tried.
   *
   * @param wrong what does not hold; empty: it holds
   */
  synchronized void tried(Rule rule, String wrong) {
    rules.put(rule, wrong);
  }

  /** Something else went wrong. */
  synchronized void failed(String what) {
    failures.add(what);
  }

  /**
   * Every event was seen, right in form and in effect, every rule was tried and holds, and nothing
   * else went wrong.
   */
  synchronized boolean complete() {
    return failures.isEmpty()
        && entries.values().stream().allMatch(e -> result(e).equals("ok"))
        && rulesThatHold() == Rule.values().length;
  }

  private long rulesThatHold() {
    return rules.values().stream().filter(String::isEmpty).count();
  }

  /** Event, result, frames, what was shown or is wrong; then each rule and its result. */
  synchronized String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(Locale.ROOT, "%-32s %-8s %6s  %s%n", "event", "result", "frames", ""));
    entries.forEach(
        (event, entry) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "%-32s %-8s %6d  %s%n",
                    event,
                    result(entry),
                    entry.frames,
                    entry.wrong.isEmpty()
                        ? String.join("; ", entry.shown)
                        : entry.wrong.getFirst())));
    table.append(String.format(Locale.ROOT, "%n%-8s rule%n", "result"));
    for (Rule rule : Rule.values()) {
      String wrong = rules.get(rule);
      String result = wrong == null ? "MISSING" : wrong.isEmpty() ? "ok" : "BROKEN";
      table.append(String.format(Locale.ROOT, "%-8s %s%n", result, rule));
      if (wrong != null && !wrong.isEmpty()) {
        table.append(String.format(Locale.ROOT, "%-8s   %s%n", "", wrong));
      }
    }
    failures.forEach(failure -> table.append("failed: ").append(failure).append('\n'));
    long ok = entries.values().stream().filter(e -> result(e).equals("ok")).count();
    table.append(
        String.format(
            Locale.ROOT,
            "%d of %d events conform, %d of %d rules hold.%n",
            ok,
            entries.size(),
            rulesThatHold(),
            Rule.values().length));
    return table.toString();
  }

  private static String result(Entry entry) {
    if (!entry.wrong.isEmpty()) {
      return "WRONG";
    }
    return entry.frames == 0 || entry.shown.isEmpty() ? "MISSING" : "ok";
  }
}
