package parley.relay.reconcile;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.SealVerifier;
import parley.relay.evidence.Verdict;
import parley.relay.index.FolderReader;
import parley.relay.index.IndexedRecording;
import parley.relay.index.IndexedRecording.Place;
import parley.relay.index.IndexedRecording.Proof;
import parley.relay.index.IndexedRecording.State;
import parley.relay.index.IndexedRecording.Verified;
import parley.relay.index.RecordingFolders;
import parley.relay.index.RecordingIndex;
import parley.relay.reconcile.LoggedCall.Span;
import parley.relay.reconcile.Shortfall.Kind;

/**
 * Holds the calls of a day against the recordings there are: for each call that had to be recorded
 * there must be one, from the moment on from which it had to be, whole, and as it was sealed. Reads
 * the call log and the folders; the index is told what was verified, and may be away. Blocks: every
 * byte of the day is read.
 */
public final class Reconciliation {

  private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

  /** The recorder opens its files; a call begins some moments before or behind that. */
  static final Duration TOLERANCE = Duration.ofSeconds(5);

  /** Who hung up at once said nothing. */
  static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * A call that goes on for longer is held against its recordings all the same, without its end.
   */
  private static final int MAX_DAYS = 3;

  private final RecordingFolders folders;
  private final FolderReader reader;
  private final PublicKey key;
  private final @Nullable RecordingIndex index;
  private final double leastCompleteness;
  private final Clock clock;

  /** Told while it goes on. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @throws IOException ends it
     */
    void at(int done, int of) throws IOException;
  }

  /**
   * @param key of whoever signs recordings
   * @param index told what was verified; null: nobody is
   * @param leastCompleteness a recording that holds less of what was due is incomplete; 0 to 1
   */
  public Reconciliation(
      RecordingFolders folders,
      PublicKey key,
      @Nullable RecordingIndex index,
      double leastCompleteness,
      Clock clock) {
    this.folders = folders;
    this.reader = new FolderReader(folders, key);
    this.key = key;
    this.index = index;
    this.leastCompleteness = leastCompleteness;
    this.clock = clock;
  }

  /**
   * Looks at the calls that began on a day.
   *
   * @param day in UTC
   */
  public ReconciliationReport run(LocalDate day, Listener listener) throws IOException {
    Instant now = clock.instant();
    List<CallLine> lines = new ArrayList<>();
    for (int i = 0; i < MAX_DAYS; i++) {
      lines.addAll(CallLog.read(folders.root(), day.plusDays(i)));
    }
    List<LoggedCall> calls =
        LoggedCall.of(lines, now).stream()
            .filter(call -> LocalDate.ofInstant(call.started(), ZoneOffset.UTC).equals(day))
            .toList();
    Map<String, List<IndexedRecording>> byCall = new HashMap<>();
    int ofTheDay = 0;
    Set<String> known = new HashSet<>(calls.stream().map(LoggedCall::uid).toList());
    int unexpected = 0;
    // One that began just before midnight may be of a call that began just behind it.
    for (int i = -1; i < MAX_DAYS; i++) {
      for (Path folder : folders.of(day.plusDays(i))) {
        Optional<IndexedRecording> read = reader.read(folder);
        if (read.isPresent()) {
          byCall.computeIfAbsent(read.get().call(), uid -> new ArrayList<>()).add(read.get());
          ofTheDay += i == 0 ? 1 : 0;
          unexpected += i == 0 && !known.contains(read.get().call()) ? 1 : 0;
        }
      }
    }
    List<Shortfall> shortfalls = new ArrayList<>();
    int due = 0;
    int done = 0;
    for (LoggedCall call : calls) {
      listener.at(done++, calls.size());
      List<IndexedRecording> recordings = byCall.getOrDefault(call.uid(), List.of());
      boolean isDue = call.due().stream().mapToLong(Span::ms).sum() >= SHORTEST.toMillis();
      due += isDue ? 1 : 0;
      if (isDue) {
        shortfalls.addAll(cover(call, recordings));
      }
      for (IndexedRecording recording : recordings) {
        shortfalls.addAll(prove(call, recording));
      }
    }
    listener.at(calls.size(), calls.size());
    return new ReconciliationReport(
        day.toString(),
        now.truncatedTo(ChronoUnit.MILLIS).toString(),
        !lines.isEmpty(),
        calls.size(),
        due,
        ofTheDay,
        unexpected,
        shortfalls);
  }

  /** Whether all of the time is recorded that had to be. */
  private static List<Shortfall> cover(LoggedCall call, List<IndexedRecording> recordings) {
    String why = call.reasons().isEmpty() ? "" : ": " + String.join("; ", call.reasons());
    if (recordings.isEmpty()) {
      return List.of(
          shortfall(
              Kind.MISSING,
              call,
              "",
              "this call had to be recorded, and there is no recording" + why));
    }
    boolean known =
        recordings.stream().noneMatch(each -> each.state() == State.DELETED || open(each));
    if (!known || call.isBrokenOff() || call.isRunning()) {
      return List.of(); // for how long it was recorded cannot be told, or not yet
    }
    long missing = call.due().stream().mapToLong(span -> uncovered(span, recordings)).sum();
    return missing <= TOLERANCE.toMillis()
        ? List.of()
        : List.of(
            shortfall(
                Kind.INCOMPLETE,
                call,
                recordings.getFirst().id(),
                String.format(
                    Locale.ROOT, "%.1f s of the call are not recorded%s", missing / 1000.0, why)));
  }

  private static boolean open(IndexedRecording recording) {
    return recording.state() == State.RUNNING || recording.state() == State.UNREADABLE;
  }

  private static long uncovered(Span due, List<IndexedRecording> recordings) {
    List<IndexedRecording> sorted = new ArrayList<>(recordings);
    sorted.sort(Comparator.comparing(IndexedRecording::began));
    long missing = 0;
    Instant at = due.from();
    for (IndexedRecording each : sorted) {
      Instant end = each.began().plusMillis(each.lengthMs());
      if (each.began().isAfter(at)) {
        missing += new Span(at, each.began().isBefore(due.to()) ? each.began() : due.to()).ms();
      }
      if (end.isAfter(at)) {
        at = end;
      }
      if (!at.isBefore(due.to())) {
        return missing;
      }
    }
    return missing + new Span(at, due.to()).ms();
  }

  /** Whether a recording is whole, and as it was sealed. */
  private List<Shortfall> prove(LoggedCall call, IndexedRecording recording) {
    List<Shortfall> found = new ArrayList<>();
    switch (recording.state()) {
      case RUNNING -> {
        if (!call.isRunning()) {
          String sentence = "the call is over, and its recording has not been closed";
          found.add(shortfall(Kind.INCOMPLETE, call, recording.id(), sentence));
        }
        return found;
      }
      case DELETED -> {
        try {
          Path folder = folders.folder(recording.id()).orElseThrow();
          Deletion.certificate(folder, key); // else it fails
        } catch (IOException e) {
          found.add(unverified(call, recording, String.valueOf(e.getMessage())));
        }
        return found;
      }
      case STOPPED, INTERRUPTED -> {
        String sentence = "the recording broke off: it is " + recording.state().word();
        found.add(shortfall(Kind.INCOMPLETE, call, recording.id(), sentence));
      }
      case UNREADABLE -> found.add(unverified(call, recording, "call.json cannot be read"));
      case COMPLETE -> {}
    }
    if (recording.completeness() < leastCompleteness && recording.state() != State.UNREADABLE) {
      String sentence =
          String.format(
              Locale.ROOT,
              "it holds %.2f %% of what was due",
              Math.floor(recording.completeness() * 10_000) / 100);
      found.add(shortfall(Kind.INCOMPLETE, call, recording.id(), sentence));
    }
    found.addAll(verify(call, recording));
    return found;
  }

  private List<Shortfall> verify(LoggedCall call, IndexedRecording recording) {
    if (recording.place() == Place.STORE) {
      return provenBefore(recording)
          ? List.of()
          : List.of(
              unverified(call, recording, "its audio is only in the store: fetch and verify it"));
    }
    try {
      Verdict verdict = SealVerifier.verify(folders.folder(recording.id()).orElseThrow(), key);
      String first = verdict.proven() ? "" : verdict.findings().getFirst().toString();
      remember(recording.id(), verdict.proven() ? Proof.PROVEN : Proof.BROKEN, first);
      return verdict.proven() ? List.of() : List.of(unverified(call, recording, first));
    } catch (IOException e) {
      return List.of(unverified(call, recording, "it cannot be read: " + e));
    }
  }

  private boolean provenBefore(IndexedRecording recording) {
    try {
      return index != null
          && index.find(recording.id()).stream()
              .anyMatch(row -> row.verified().proof() == Proof.PROVEN);
    } catch (SQLException e) {
      return false;
    }
  }

  private void remember(String id, Proof proof, String note) {
    try {
      if (index != null) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        index.verified(id, new Verified(proof, now, note));
      }
    } catch (SQLException e) {
      log.debug("what came of verifying {} is not in the index: {}", id, e.getMessage());
    }
  }

  private static Shortfall unverified(LoggedCall call, IndexedRecording recording, String what) {
    return shortfall(Kind.UNVERIFIED, call, recording.id(), "the recording is not proven: " + what);
  }

  private static Shortfall shortfall(
      Kind kind, LoggedCall call, String recording, String sentence) {
    return new Shortfall(
        kind, call.uid(), call.team(), call.chat(), call.title(), recording, sentence);
  }
}
