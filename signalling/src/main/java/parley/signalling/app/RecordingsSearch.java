package parley.signalling.app;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.relay.index.IndexedRecording;
import parley.relay.index.IndexedRecording.Party;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.RecordingIndex;
import parley.relay.index.RecordingSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code parley recordings search}. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = {
      "Looks for recordings: all that is asked for has to be so. Lengths are like 90, 90s, 10m or"
          + " 1h.%n",
      "Brings the index up to date first. While a node has the index for itself, the folder is"
          + " read instead.%n",
      "Exit code: 0 when something is found, 1 when nothing is.%n"
    })
final class RecordingsSearch implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Pattern LENGTH = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(s|m|h)?");

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Option(
      names = "--party",
      paramLabel = "NAME",
      description = "Somebody who took part: his jid, or part of his name. May be repeated.")
  private List<String> parties = new ArrayList<>();

  @Option(
      names = "--chat",
      paramLabel = "NAME",
      description = "Where: the chat's jid, or part of its title.")
  private @Nullable String chat;

  @Option(names = "--team", paramLabel = "UID", description = "Of this team. May be repeated.")
  private Set<String> teams = Set.of();

  @Option(names = "--call", paramLabel = "UID", description = "Of this call.")
  private @Nullable String callUid;

  @Option(names = "--from", paramLabel = "DAY", description = "Began on this day (UTC) or later.")
  private @Nullable LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", description = "Began on this day (UTC) or earlier.")
  private @Nullable LocalDate to;

  @Option(
      names = "--longer",
      paramLabel = "LENGTH",
      converter = Length.class,
      description = "At least so long.")
  private @Nullable Duration longer;

  @Option(
      names = "--shorter",
      paramLabel = "LENGTH",
      converter = Length.class,
      description = "Less long.")
  private @Nullable Duration shorter;

  @Option(
      names = "--talked",
      paramLabel = "LENGTH",
      converter = Length.class,
      description = "Somebody, or each --party, talked at least so long.")
  private @Nullable Duration talked;

  @Option(
      names = "--talked-over",
      paramLabel = "LENGTH",
      converter = Length.class,
      description = "For so long at least, two people talked at once.")
  private @Nullable Duration talkedOver;

  @Option(names = "--policy", paramLabel = "NAME", description = "Recorded by this policy.")
  private @Nullable String policy;

  @Option(names = "--retention", paramLabel = "CLASS", description = "Of this retention class.")
  private @Nullable String retention;

  @Option(names = "--held", negatable = true, description = "On legal hold, or not.")
  private @Nullable Boolean held;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      converter = StateWord.class,
      description =
          "running, complete, stopped, interrupted, unreadable or deleted; may be repeated."
              + " Default: all but deleted ones.")
  private Set<State> states = EnumSet.noneOf(State.class);

  @Option(
      names = "--proof",
      paramLabel = "PROOF",
      converter = ProofWord.class,
      description = "What the latest verification came to: unknown, proven or broken.")
  private @Nullable Proof proof;

  @Option(names = "--oldest", description = "The oldest first; else the newest.")
  private boolean oldest;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "So many at most; default: ${DEFAULT-VALUE}.")
  private int limit;

  /** A length of time. */
  static final class Length implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      Matcher length = LENGTH.matcher(text);
      if (!length.matches()) {
        throw new TypeConversionException("right would be like 90, 90s, 10m or 1h");
      }
      long each =
          switch (length.group(2)) {
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case null, default -> 1_000;
          };
      return Duration.ofMillis(Math.round(Double.parseDouble(length.group(1)) * each));
    }
  }

  /** How a recording ended. */
  static final class StateWord implements ITypeConverter<State> {
    @Override
    public State convert(String text) {
      return State.valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** What a verification came to. */
  static final class ProofWord implements ITypeConverter<Proof> {
    @Override
    public Proof convert(String text) {
      return Proof.valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    var search =
        new RecordingSearch(
            parties,
            chat,
            teams,
            callUid,
            from == null ? null : start(from),
            to == null ? null : start(to.plusDays(1)),
            longer,
            shorter,
            talked,
            talkedOver,
            policy,
            retention,
            held,
            states,
            proof,
            oldest);
    try {
      int found = inIndex(of, search);
      System.out.println(
          found == limit ? "The first " + found + "; --limit shows more." : found + " found.");
      return found > 0 ? 0 : 1;
    } catch (IOException | SQLException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private int inIndex(RecordingsCommand of, RecordingSearch search)
      throws IOException, SQLException {
    List<IndexedRecording> found;
    try (RecordingIndex index = RecordingsIndex.open(of, PATIENCE)) {
      if (!of.settings().recording().index().isServer()) {
        RecordingsIndex.scan(of, index);
      }
      found = ask(index, search);
    } catch (SQLException e) {
      System.err.println("The index cannot be used (" + e.getMessage() + "): reading the folder.");
      try (RecordingIndex index = RecordingIndex.inMemory()) {
        RecordingsIndex.scan(of, index);
        found = ask(index, search);
      }
    }
    print(found);
    return found.size();
  }

  private List<IndexedRecording> ask(RecordingIndex index, RecordingSearch search)
      throws SQLException {
    List<IndexedRecording> found = new ArrayList<>();
    RecordingSearch.Cursor after = null;
    do {
      int wanted = Math.min(limit - found.size(), RecordingIndex.MAX_PAGE);
      RecordingSearch.Page page = index.search(search, after, wanted);
      found.addAll(page.recordings());
      after = page.next();
    } while (after != null && found.size() < limit);
    return found;
  }

  private static void print(List<IndexedRecording> found) {
    if (found.isEmpty()) {
      return;
    }
    System.out.printf(
        "%-20s %8s %8s %8s  %-11s %-8s %-4s  %s%n",
        "BEGAN (UTC)", "LENGTH", "TALK", "AT ONCE", "STATE", "PROOF", "HELD", "WHERE, WHO");
    for (IndexedRecording each : found) {
      System.out.printf(
          Locale.ROOT,
          "%-20s %8s %8s %8s  %-11s %-8s %-4s  %s: %s%n%20s %s%n",
          each.began().toString().substring(0, 19).replace('T', ' '),
          length(each.lengthMs()),
          length(each.talkMs()),
          length(each.talkedOverMs()),
          each.state().word(),
          each.verified().proof().word(),
          each.held() ? "yes" : "",
          shown(each.title()),
          shown(
              each.parties().stream()
                  .map(Party::name)
                  .distinct()
                  .collect(Collectors.joining(", "))),
          "",
          each.id());
    }
  }

  /** A terminal obeys what is not printable. */
  private static String shown(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String length(long ms) {
    long seconds = ms / 1000;
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
