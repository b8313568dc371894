package parley.relay.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call as the call log tells of it: where, from when to when, and when it had to be recorded. */
final class LoggedCall {

  /** From one moment to another. */
  record Span(Instant from, Instant to) {
    long ms() {
      return Math.max(0, Duration.between(from, to).toMillis());
    }
  }

  private final String uid;
  private final String team;
  private final String chat;
  private final String title;
  private final Instant started;
  private final List<Span> due = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private @Nullable Instant dueSince;
  private @Nullable Instant finished;
  private boolean brokenOff;
  private boolean running;

  private LoggedCall(CallLine line) {
    this.uid = line.call();
    this.team = line.team();
    this.chat = line.chat();
    this.title = line.title();
    this.started = line.instant();
    if (Boolean.TRUE.equals(line.records())) {
      dueSince = started;
    }
  }

  /**
   * Every call that these lines tell of.
   *
   * @param lines in the order they were written
   * @param now calls that nothing ended last until then
   */
  static List<LoggedCall> of(List<CallLine> lines, Instant now) {
    Map<String, LoggedCall> open = new LinkedHashMap<>();
    Map<String, CallLine> early = new HashMap<>();
    List<LoggedCall> all = new ArrayList<>();
    for (CallLine line : lines) {
      if (line.what().equals(CallLine.NODE_BEGAN)) {
        // Whatever ran then was over by now; how long before, the recordings know better.
        open.values().forEach(call -> call.brokenOff(line.instant()));
        open.clear();
        continue;
      }
      if (line.what().equals(CallLine.STARTED)) {
        var call = new LoggedCall(line);
        all.add(call);
        open.put(line.call(), call);
        CallLine switched = early.remove(line.call());
        if (switched != null) {
          call.switchedBefore(switched);
        }
        continue;
      }
      LoggedCall call = open.get(line.call());
      if (call == null) {
        early.put(line.call(), line); // somebody switched it while it rang
      } else {
        call.on(line);
        if (line.what().equals(CallLine.FINISHED)) {
          open.remove(line.call());
        }
      }
    }
    open.values().forEach(call -> call.runs(now));
    return all;
  }

  private void switchedBefore(CallLine line) {
    if (line.what().equals("switched_on")) {
      dueFrom(started);
    } else if (line.what().equals("switched_off")) {
      dueSince = null;
    }
  }

  private void on(CallLine line) {
    switch (line.what()) {
      case CallLine.FINISHED -> end(line.instant());
      case "switched_on" -> dueFrom(line.instant());
      case "switched_off" -> dueTo(line.instant());
      case "ruled" -> {
        if (Boolean.TRUE.equals(line.records())) {
          dueFrom(line.instant());
        } else {
          dueTo(line.instant());
        }
      }
      case "not_recorded", "ended" -> reasons.add(line.reason());
      default -> {} // recorded, refused: the call or the recording says it itself
    }
  }

  private void dueFrom(Instant at) {
    if (dueSince == null) {
      dueSince = at;
    }
  }

  private void dueTo(Instant at) {
    Instant since = dueSince;
    dueSince = null;
    if (since != null && at.isAfter(since)) {
      due.add(new Span(since, at));
    }
  }

  private void end(Instant at) {
    finished = at;
    dueTo(at);
  }

  private void brokenOff(Instant at) {
    brokenOff = true;
    end(at);
  }

  private void runs(Instant now) {
    running = true;
    end(now);
  }

  String uid() {
    return uid;
  }

  String team() {
    return team;
  }

  String chat() {
    return chat;
  }

  String title() {
    return title;
  }

  Instant started() {
    return started;
  }

  /** When it was over, as far as that is known. */
  Instant finished() {
    return finished == null ? started : finished;
  }

  /** Whether its process died: when, is known to no more than the next start. */
  boolean isBrokenOff() {
    return brokenOff;
  }

  /** Whether it has not ended yet. */
  boolean isRunning() {
    return running;
  }

  /** When it had to be recorded. */
  List<Span> due() {
    return List.copyOf(due);
  }

  /** What was said when it was not recorded. */
  List<String> reasons() {
    return List.copyOf(reasons);
  }
}
