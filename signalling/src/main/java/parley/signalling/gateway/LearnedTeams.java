package parley.signalling.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.directory.Icon;
import parley.signalling.directory.Team;
import parley.signalling.directory.Teams;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * The directory as the gateway learns it from what the chat server tells its users. One thread owns
 * all of it, behind a bounded queue; what others read are snapshots.
 */
public final class LearnedTeams implements Teams {

  private static final Logger log = LoggerFactory.getLogger(LearnedTeams.class);

  /** A thousand people who come in together are told some four things each. */
  static final int QUEUE = 8_192;

  /** What is learned together becomes one snapshot. */
  private static final int BATCH = 256;

  private static final long SWEEP_NS = TimeUnit.SECONDS.toNanos(20);

  /** One thing to learn; true when the team is not as it was. */
  private interface Lesson {
    boolean learn(TeamKnowledge team) throws IOException;
  }

  private record Task(TeamId team, Lesson lesson, Runnable then) {}

  /**
   * Who somebody is.
   *
   * @param fresh whether what he is told passes here already, so that nothing need be asked for
   */
  record Met(Jid jid, boolean fresh) {}

  private final ArrayBlockingQueue<Task> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Map<TeamId, TeamKnowledge> teams = new HashMap<>();
  private final Map<TeamId, Team> snapshots = new ConcurrentHashMap<>();
  private final Set<TeamId> unpublished = new HashSet<>();
  private final Predicate<Team> changed;
  private final boolean recordsByDefault;
  private final long rememberNs;
  private final Counter learned;
  private final Counter unreadable;
  private final Thread thread = new Thread(this::run, "gateway-directory");
  private long sweptNs = System.nanoTime();
  private volatile boolean stopped;

  /**
   * @param changed takes each new snapshot; never blocks; false: later again
   * @param remember for how long people are known who are not here
   */
  public LearnedTeams(
      Predicate<Team> changed, boolean recordsByDefault, Duration remember, MeterRegistry metrics) {
    this.changed = changed;
    this.recordsByDefault = recordsByDefault;
    this.rememberNs = remember.toNanos();
    this.learned = metrics.counter("parley.gateway.learned", "result", "read");
    this.unreadable = metrics.counter("parley.gateway.learned", "result", "unreadable");
    thread.start();
  }

  /** A team as it is known now; null when nothing is. */
  @Nullable Team team(TeamId uid) {
    return snapshots.get(uid);
  }

  /** Some of the teams that are known. */
  List<TeamId> uids(int most) {
    return snapshots.keySet().stream().limit(most).toList();
  }

  @Override
  public CompletableFuture<Found> find(TeamId uid) {
    Team team = team(uid);
    return CompletableFuture.completedFuture(team == null ? new NoTeam() : new TheTeam(team));
  }

  /** Kept up to date by what passes. */
  @Override
  public Runnable watch(TeamId uid) {
    return () -> {};
  }

  /** The chat server serves them all. */
  @Override
  public @Nullable Icon icon(String name) {
    return null;
  }

  @Override
  public boolean hasChatsThatOnlyAdminsMute() {
    return false; // no chat server says that of a chat
  }

  /**
   * The chat server told somebody who he is, and one more socket of his is here from now on.
   *
   * @param body the answer to {@code GET /api/v4/teams/{uid}}
   * @return completes when it is published; null when the chat server did not say who he is; fails
   *     when there is too much to do
   */
  CompletableFuture<@Nullable Met> met(TeamId team, byte[] body) {
    var result = new CompletableFuture<@Nullable Met>();
    var met = new Met[1];
    Lesson lesson =
        known -> {
          View view = known.met(Told.team(body));
          if (view != null) {
            met[0] = new Met(view.user(), view.isLive());
            view.opened();
          }
          return view != null;
        };
    if (!offer(new Task(team, lesson, () -> result.complete(met[0])))) {
      result.completeExceptionally(new IOException("the gateway is too busy to learn"));
    }
    return result;
  }

  /** So many lists are asked for, on somebody's behalf. */
  boolean awaits(TeamId team, Jid user, int lists) {
    return of(team, user, (known, view) -> view.awaits(lists), () -> {});
  }

  /** The answer to {@code GET /api/v4/teams/{uid}/contacts}. */
  CompletableFuture<Void> contacts(TeamId team, Jid user, byte @Nullable [] body) {
    return list(
        team, user, body, (known, view, list) -> known.onContacts(view, Told.contacts(list)));
  }

  /** The answer to {@code GET /api/v4/teams/{uid}/groups} or {@code …/tasks}. */
  CompletableFuture<Void> chats(TeamId team, Jid user, Jid.Kind kind, byte @Nullable [] body) {
    return list(
        team, user, body, (known, view, list) -> known.onChats(view, kind, Told.chats(list)));
  }

  private interface Reading {
    void read(TeamKnowledge team, View view, byte[] body) throws IOException;
  }

  /** Completes when it is published, or came to nothing. */
  private CompletableFuture<Void> list(
      TeamId team, Jid user, byte @Nullable [] body, Reading reading) {
    var done = new CompletableFuture<Void>();
    boolean taken =
        of(
            team,
            user,
            (known, view) -> {
              try {
                if (body != null) {
                  reading.read(known, view, body);
                }
              } finally {
                view.awaitsNoMore();
              }
            },
            () -> done.complete(null));
    if (!taken) {
      done.completeExceptionally(new IOException("the gateway is too busy to learn"));
    }
    return done;
  }

  /**
   * An event passed on its way to somebody.
   *
   * @return false when there is too much to do: what is known of him may be wrong from now on
   */
  boolean passed(TeamId team, Jid user, String event, byte[] utf8) {
    return of(
        team, user, (known, view) -> known.onChange(view, Told.change(event, utf8)), () -> {});
  }

  /** Somebody waits for the chat server, who knew him before it went away: he is not forgotten. */
  boolean keep(TeamId team, Jid user) {
    return of(team, user, (known, view) -> view.keep(1), () -> {});
  }

  boolean keepNoMore(TeamId team, Jid user) {
    return of(team, user, (known, view) -> view.keep(-1), () -> {});
  }

  /** One socket of somebody's is gone. */
  boolean left(TeamId team, Jid user) {
    return of(team, user, (known, view) -> view.closed(System.nanoTime()), () -> {});
  }

  /** Completes when all is published that was told until now; at once when there is too much. */
  CompletableFuture<Void> settled(TeamId team) {
    var done = new CompletableFuture<Void>();
    if (!offer(new Task(team, known -> false, () -> done.complete(null)))) {
      done.complete(null);
    }
    return done;
  }

  private interface Change {
    void make(TeamKnowledge team, View view) throws IOException;
  }

  private boolean of(TeamId team, Jid user, Change change, Runnable then) {
    Lesson lesson =
        known -> {
          View view = known.view(user);
          if (view != null) {
            change.make(known, view);
          }
          return view != null;
        };
    return offer(new Task(team, lesson, then));
  }

  private boolean offer(Task task) {
    return !stopped && queue.offer(task);
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- on its own thread

  private void run() {
    List<Task> batch = new ArrayList<>(BATCH);
    while (!stopped) {
      try {
        Task first = queue.poll(unpublished.isEmpty() ? 5_000 : 100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
        }
      } catch (InterruptedException e) {
        continue; // only close() interrupts
      }
      batch.forEach(this::learn);
      sweep(System.nanoTime());
      publish();
      batch.forEach(task -> task.then().run());
      batch.clear();
    }
  }

  /** A defect of ours costs what is learned, never the thread. */
  private void learn(Task task) {
    TeamKnowledge team =
        teams.computeIfAbsent(task.team(), uid -> new TeamKnowledge(uid, recordsByDefault));
    try {
      if (task.lesson().learn(team)) {
        unpublished.add(task.team());
      }
      learned.increment();
    } catch (IOException e) {
      unreadable.increment();
      log.debug("cannot learn of team {}: {}", task.team(), e.getMessage());
    } catch (RuntimeException e) {
      unreadable.increment();
      log.error("a defect while learning of team {}", task.team(), e);
    }
    if (team.isEmpty() && !snapshots.containsKey(task.team())) {
      teams.remove(task.team()); // asked for in vain
    }
  }

  private void sweep(long nowNs) {
    if (nowNs - sweptNs < SWEEP_NS) {
      return;
    }
    sweptNs = nowNs;
    teams.forEach(
        (uid, team) -> {
          if (team.forgetAbsent(rememberNs, nowNs)) {
            unpublished.add(uid);
          }
        });
  }

  private void publish() {
    unpublished.removeIf(this::publish);
  }

  private boolean publish(TeamId uid) {
    TeamKnowledge known = teams.get(uid);
    if (known == null) {
      snapshots.remove(uid);
      return true;
    }
    Team team = known.snapshot();
    if (known.isEmpty()) {
      teams.remove(uid); // and with this last snapshot, in which nobody may call
      snapshots.remove(uid);
    } else {
      snapshots.put(uid, team);
    }
    return changed.test(team);
  }
}
