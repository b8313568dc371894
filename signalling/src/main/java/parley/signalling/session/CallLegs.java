package parley.signalling.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.api.LegReport;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.signalling.call.CallPlace;
import parley.signalling.call.CallSummary;
import parley.signalling.session.ServerReply.Leg;
import parley.signalling.session.ServerReply.PastCall;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * How the participants of calls are connected, and were: asks the relay about those that run, and
 * keeps what it said of those that are over. Owned by the {@link CallLoop}.
 */
final class CallLegs {

  /** Who complains of a call does so on the same day. */
  static final Duration KEPT = Duration.ofHours(24);

  /** At about 2.5 KB each; of two a call, five thousand calls. The oldest call goes first. */
  static final int MAX_LEGS = 10_000;

  /** Those too that only rang. */
  static final int MAX_CALLS = 10_000;

  /** A thousand people who each lost their network once. */
  static final int MAX_LEGS_A_CALL = 2_000;

  /** Nobody needs figures more often, and a thousand clients may ask at once. */
  static final long FRESH_NS = TimeUnit.SECONDS.toNanos(1);

  /** The relay answers in milliseconds, or has lost the call. */
  private static final long LATE_NS = TimeUnit.SECONDS.toNanos(5);

  /** A list that people look through; more is searched in the log. */
  private static final int MAX_PAST = 1_000;

  /** As many clients as one call may have, and some servers. */
  private static final int MAX_WAITING = 2_000;

  private record Waiting(Predicate<Entry> may, CompletableFuture<ServerReply> reply) {}

  private static final class Entry {
    final CallId uid;
    final TeamId team;
    final Deque<Leg> ended = new ArrayDeque<>();
    final List<Waiting> waiting = new ArrayList<>();
    List<Leg> live = List.of();
    long liveNs;
    boolean known;
    boolean relayed;
    long askedNs;
    @Nullable Instant over;
    @Nullable CallPlace place;
    @Nullable CallSummary summary;

    Entry(CallId uid, TeamId team) {
      this.uid = uid;
      this.team = team;
    }

    boolean has(Jid contact) {
      return ended.stream().anyMatch(leg -> leg.isOf(contact));
    }
  }

  private final InstantSource clock;
  private final Predicate<RelayCommand> relay;
  private final Map<CallId, Entry> entries = new LinkedHashMap<>();
  private int kept;

  /**
   * @param clock the time of day
   * @param relay takes commands; false: not now
   */
  CallLegs(InstantSource clock, Predicate<RelayCommand> relay) {
    this.clock = clock;
    this.relay = relay;
  }

  /** There is a call. */
  void begun(CallId uid, TeamId team) {
    forgetOld();
    Entry _ = entries.computeIfAbsent(uid, _ -> new Entry(uid, team));
    if (entries.size() > MAX_CALLS) {
      boolean _ = forgetOldest();
    }
  }

  /** The relay was told of it: from now on there may be legs. */
  void relayed(CallId uid, TeamId team) {
    begun(uid, team);
    Entry entry = entries.get(uid);
    if (entry != null) {
      entry.relayed = true;
    }
  }

  /** The call is over; its last legs may end a moment later. */
  void over(CallId uid) {
    Entry entry = entries.get(uid);
    if (entry != null) {
      entry.over = clock.instant();
      entry.live = List.of();
      answerAll(entry);
    }
  }

  /** What is left of a call, which is about to be over. */
  void finished(CallPlace place, CallSummary summary) {
    Entry entry = entries.get(summary.uid());
    if (entry != null) {
      entry.place = place;
      entry.summary = summary;
    }
  }

  /** Those that are over, newest first. */
  List<PastCall> past() {
    forgetOld();
    List<PastCall> past = new ArrayList<>();
    for (Entry entry : entries.values()) {
      CallPlace place = entry.place;
      CallSummary summary = entry.summary;
      if (place != null && summary != null) {
        List<Leg> troubled =
            entry.ended.stream().filter(leg -> !leg.report().fault().isIntended()).toList();
        Leg worst =
            troubled.stream().min(Comparator.comparing(leg -> leg.report().fault())).orElse(null);
        past.add(new PastCall(place, summary, entry.ended.size(), troubled.size(), worst));
      }
    }
    Collections.reverse(past);
    return past.subList(0, Math.min(MAX_PAST, past.size()));
  }

  /** Whether the event was one of those that only this part is interested in. */
  boolean on(RelayEvent event, long nowNs) {
    return switch (event) {
      case RelayEvent.LegEnded ended -> {
        keep(entries.get(ended.call()), ended.report());
        yield true;
      }
      case RelayEvent.Reported reported -> {
        reported(entries.get(reported.call()), reported.legs(), nowNs);
        yield true;
      }
      case RelayEvent.Answered _,
          RelayEvent.Refused _,
          RelayEvent.Connected _,
          RelayEvent.Talking _,
          RelayEvent.Dominant _,
          RelayEvent.Gone _,
          RelayEvent.Lost _,
          RelayEvent.Reachable _,
          RelayEvent.Recording _,
          RelayEvent.RecordingReady _,
          RelayEvent.RecordingFound _,
          RelayEvent.Failed _ ->
          false;
    };
  }

  /** A server asks. */
  void on(ServerCommand.Legs asked, CompletableFuture<ServerReply> reply, long nowNs) {
    ask(asked.team(), asked.uid(), new Waiting(_ -> true, reply), nowNs);
  }

  /**
   * A participant asks.
   *
   * @param member whether he is in the call's chat, if the call runs
   */
  void on(
      ServerCommand.OwnLegs asked,
      boolean member,
      CompletableFuture<ServerReply> reply,
      long nowNs) {
    Predicate<Entry> may =
        entry -> entry.over == null ? member : member || entry.has(asked.contact());
    ask(asked.team(), asked.uid(), new Waiting(may, reply), nowNs);
  }

  private void ask(TeamId team, CallId uid, Waiting question, long nowNs) {
    forgetOld();
    Entry entry = entries.get(uid);
    if (entry == null || !entry.team.equals(team) || !question.may.test(entry)) {
      question.reply.complete(new ServerReply.NoCall());
    } else if (entry.over != null || !entry.relayed || isFresh(entry, nowNs)) {
      answer(entry, question);
    } else {
      ask(entry, question, nowNs);
    }
  }

  private void ask(Entry entry, Waiting question, long nowNs) {
    if (!entry.waiting.isEmpty() && nowNs - entry.askedNs > LATE_NS) {
      refuse(entry); // the relay has lost the call and the question with it
    }
    if (entry.waiting.size() == MAX_WAITING) {
      question.reply.completeExceptionally(new RejectedExecutionException("too many ask"));
      return;
    }
    boolean first = entry.waiting.isEmpty();
    entry.waiting.add(question);
    if (first) {
      entry.askedNs = nowNs;
      if (!relay.test(new RelayCommand.Report(entry.uid))) {
        refuse(entry);
      }
    }
  }

  private static void refuse(Entry entry) {
    for (Waiting each : entry.waiting) {
      each.reply.completeExceptionally(new RejectedExecutionException("the relay does not answer"));
    }
    entry.waiting.clear();
  }

  private static boolean isFresh(Entry entry, long nowNs) {
    return entry.known && nowNs - entry.liveNs < FRESH_NS;
  }

  private void reported(@Nullable Entry entry, List<LegReport> legs, long nowNs) {
    if (entry == null || entry.over != null) {
      return;
    }
    Instant now = clock.instant();
    entry.live = legs.stream().map(report -> new Leg(report, now)).toList();
    entry.liveNs = nowNs;
    entry.known = true;
    answerAll(entry);
  }

  private static void answerAll(Entry entry) {
    for (Waiting each : entry.waiting) {
      answer(entry, each);
    }
    entry.waiting.clear();
  }

  private static void answer(Entry entry, Waiting question) {
    List<Leg> all = new ArrayList<>(entry.ended);
    all.addAll(entry.live);
    question.reply.complete(new ServerReply.Legs(entry.uid, entry.over == null, all));
  }

  private void keep(@Nullable Entry entry, LegReport report) {
    if (entry == null) {
      return;
    }
    entry.known = false; // it is among the live ones no longer
    entry.ended.add(new Leg(report, clock.instant()));
    kept++;
    while (entry.ended.size() > MAX_LEGS_A_CALL || (kept > MAX_LEGS && !forgetOldest())) {
      entry.ended.removeFirst();
      kept--;
    }
  }

  /** The oldest call that is over; false when there is none. */
  private boolean forgetOldest() {
    for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (entry.over != null) {
        kept -= entry.ended.size();
        all.remove();
        return true;
      }
    }
    return false;
  }

  private void forgetOld() {
    Instant limit = clock.instant().minus(KEPT);
    for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      if (entry.over == null) {
        continue;
      }
      if (entry.over.isAfter(limit)) {
        break; // those behind it began later; they may stay some time longer
      }
      kept -= entry.ended.size();
      all.remove();
    }
  }

  /** Calls about which there is something to tell. */
  int calls() {
    return entries.size();
  }
}
