package parley.signalling.recordings;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.RecordingSearch;
import parley.relay.index.RecordingSearch.Cursor;

/**
 * What is asked for in a URL's query.
 *
 * @param after null: from the start
 */
record SearchQuery(RecordingSearch search, @Nullable Cursor after, int limit) {

  private static final int USUAL = 50;
  private static final int MOST = 200;

  /** As of a name in a row. */
  private static final int MAX_CHARS = 1_000;

  private static final Set<String> KNOWN =
      Set.of(
          "party",
          "chat",
          "team",
          "call",
          "from",
          "to",
          "longer",
          "shorter",
          "talked",
          "talked_over",
          "policy",
          "retention",
          "held",
          "state",
          "verified",
          "order",
          "limit",
          "cursor");

  /**
   * Reads it.
   *
   * @throws Refusal naming what is wrong
   */
  static SearchQuery of(MultiMap query) throws Refusal {
    for (String name : query.names()) {
      if (!KNOWN.contains(name)) {
        throw Refusal.invalid(
            "there is nothing here called that; there are " + new TreeSet<>(KNOWN));
      }
    }
    for (Map.Entry<String, String> each : query) {
      if (each.getValue().length() > MAX_CHARS) {
        throw Refusal.invalid(each.getKey() + ": longer than " + MAX_CHARS + " characters");
      }
    }
    List<String> parties = query.getAll("party").stream().filter(p -> !p.isBlank()).toList();
    if (parties.size() > RecordingSearch.MAX_PARTIES) {
      throw Refusal.invalid("party: at most " + RecordingSearch.MAX_PARTIES);
    }
    String cursor = text(query, "cursor");
    Cursor after = cursor == null ? null : Cursor.tryParse(cursor);
    if (cursor != null && after == null) {
      throw Refusal.invalid("cursor: not one that was handed out here");
    }
    var search =
        new RecordingSearch(
            parties,
            text(query, "chat"),
            Set.copyOf(query.getAll("team").stream().filter(t -> !t.isBlank()).toList()),
            text(query, "call"),
            instant(query, "from", 0),
            instant(query, "to", 1),
            seconds(query, "longer"),
            seconds(query, "shorter"),
            seconds(query, "talked"),
            seconds(query, "talked_over"),
            text(query, "policy"),
            text(query, "retention"),
            word(query, "held", Map.of("true", true, "false", false)),
            states(query),
            word(query, "verified", words(Proof.values(), Proof::word)),
            Boolean.TRUE.equals(word(query, "order", Map.of("oldest", true, "newest", false))));
    return new SearchQuery(search, after, limit(query));
  }

  private static Set<State> states(MultiMap query) throws Refusal {
    String text = text(query, "state");
    if (text == null) {
      return Set.of();
    }
    if (text.equals("any")) {
      return EnumSet.allOf(State.class);
    }
    State state = word(query, "state", words(State.values(), State::word));
    return state == null ? Set.of() : EnumSet.of(state);
  }

  private static @Nullable String text(MultiMap query, String name) {
    String text = query.get(name);
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static <E> Map<String, E> words(E[] values, Function<E, String> word) {
    return Arrays.stream(values).collect(Collectors.toMap(word, value -> value));
  }

  private static <E> @Nullable E word(MultiMap query, String name, Map<String, E> words)
      throws Refusal {
    String text = text(query, name);
    if (text == null) {
      return null;
    }
    E found = words.get(text.toLowerCase(Locale.ROOT));
    if (found == null) {
      throw Refusal.invalid(name + ": right would be one of " + new TreeSet<>(words.keySet()));
    }
    return found;
  }

  private static @Nullable Duration seconds(MultiMap query, String name) throws Refusal {
    String text = text(query, name);
    if (text == null) {
      return null;
    }
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && seconds < 1e9) {
        return Duration.ofMillis(Math.round(seconds * 1000));
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Refusal.invalid(name + ": right would be seconds, like 90 or 0.5");
  }

  /** A day, or a moment. */
  private static @Nullable Instant instant(MultiMap query, String name, int plusDays)
      throws Refusal {
    String text = text(query, name);
    if (text == null) {
      return null;
    }
    try {
      return text.length() == "2026-11-22".length()
          ? LocalDate.parse(text).plusDays(plusDays).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.ofEpochMilli(Instant.parse(text).toEpochMilli()); // or it fails: too far away
    } catch (DateTimeException | ArithmeticException e) {
      throw new Refusal(
          Refusal.Code.INVALID,
          name + ": right would be like 2026-11-22 or 2026-11-22T12:00:00Z",
          e);
    }
  }

  private static int limit(MultiMap query) throws Refusal {
    String text = text(query, "limit");
    try {
      int limit = text == null ? USUAL : Integer.parseInt(text);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Refusal.invalid("limit: right would be 1 to " + MOST);
  }
}
