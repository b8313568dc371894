package parley.signalling.link;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Icon;
import parley.signalling.directory.Team;
import parley.signalling.directory.Teams;
import parley.signalling.wire.TeamId;

/** A directory that cannot always be reached. */
final class OneTeam implements Teams {

  final AtomicInteger watched = new AtomicInteger();
  private final Team team;
  volatile boolean reachable = true;

  OneTeam(Team team) {
    this.team = team;
  }

  @Override
  public CompletableFuture<Found> find(TeamId uid) {
    if (!reachable) {
      return CompletableFuture.failedFuture(new IllegalStateException("not reachable"));
    }
    return CompletableFuture.completedFuture(
        uid.equals(team.uid()) ? new TheTeam(team) : new NoTeam());
  }

  @Override
  public Runnable watch(TeamId uid) {
    watched.incrementAndGet();
    return watched::decrementAndGet;
  }

  @Override
  public @Nullable Icon icon(String name) {
    return null;
  }

  @Override
  public boolean hasChatsThatOnlyAdminsMute() {
    return false;
  }

  @Override
  public void close() {}
}
