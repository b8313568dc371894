package parley.signalling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Team;
import parley.signalling.wire.TeamId;

/**
 * The teams of calls that this node owns for people who are connected to others. Owned by the
 * {@link CallLoop}.
 */
final class KnownTeams {

  /** As with what waits for the loop itself. */
  private static final int MAX_WAITING = 4_096;

  /** A chat server that could not be asked is asked again. */
  private static final long AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

  private static final int MAX_TRIES = 10;

  private static final class Asked {
    final List<Consumer<@Nullable Team>> waiting = new ArrayList<>();
    int tries;
  }

  private final Function<TeamId, CompletableFuture<@Nullable Team>> source;
  private final Sessions sessions;
  private final ChangedTeams changed;
  private final Moment moment;
  private final Map<TeamId, Team> found = new HashMap<>();
  private final Map<TeamId, Asked> asked = new HashMap<>();
  private final Deadlines<TeamId> again = new Deadlines<>();

  KnownTeams(
      Function<TeamId, CompletableFuture<@Nullable Team>> source,
      Sessions sessions,
      ChangedTeams changed,
      Moment moment) {
    this.source = source;
    this.sessions = sessions;
    this.changed = changed;
    this.moment = moment;
  }

  /**
   * Goes on with a team, in the order this was asked for; null: there is none, or nobody can say.
   */
  void with(TeamId uid, Consumer<@Nullable Team> step) {
    Asked before = asked.get(uid);
    Team team = before == null ? known(uid) : null;
    if (team != null) {
      step.accept(team);
      return;
    }
    Asked now = before == null ? new Asked() : before;
    if (now.waiting.size() >= MAX_WAITING) {
      step.accept(null);
      return;
    }
    now.waiting.add(step);
    if (before == null) {
      asked.put(uid, now);
      ask(uid, now);
    }
  }

  private @Nullable Team known(TeamId uid) {
    List<ClientSession> here = sessions.ofTeam(uid);
    Team team = here.isEmpty() ? found.get(uid) : here.getFirst().team();
    return team == null ? null : changed.latest(team);
  }

  private void ask(TeamId uid, Asked waiting) {
    moment.then(
        source.apply(uid),
        (team, e) -> {
          if (e != null && ++waiting.tries < MAX_TRIES) {
            again.set(uid, moment.nowNs() + AGAIN_NS);
            return;
          }
          if (team != null) {
            found.put(uid, team);
          }
          asked.remove(uid);
          Team latest = team == null ? null : changed.latest(team);
          List.copyOf(waiting.waiting).forEach(step -> step.accept(latest));
        });
  }

  /** It is like this from now on. */
  void changed(Team team) {
    found.computeIfPresent(team.uid(), (uid, before) -> team);
  }

  void onTime() {
    long nowNs = moment.nowNs();
    for (TeamId uid = again.pollDue(nowNs); uid != null; uid = again.pollDue(nowNs)) {
      Asked waiting = asked.get(uid);
      if (waiting != null) {
        ask(uid, waiting);
      }
    }
  }

  long nextNs() {
    return again.nextNs();
  }
}
