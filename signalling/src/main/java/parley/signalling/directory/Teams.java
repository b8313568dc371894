package parley.signalling.directory;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.TeamId;

/** Where teams come from. Any thread; never blocks. */
public interface Teams extends AutoCloseable {

  /**
   * A team as it is now. {@link NoTeam} when there is none of this uid; fails when nobody can say.
   */
  CompletableFuture<Found> find(TeamId uid);

  /** What came of a look-up. */
  sealed interface Found {}

  record TheTeam(Team team) implements Found {}

  record NoTeam() implements Found {}

  /**
   * Keeps a team up to date while somebody of it is connected.
   *
   * @return to run once when that is over
   */
  Runnable watch(TeamId uid);

  /** The icon of this name, as far as it is known here; null when it is not. */
  @Nullable Icon icon(String name);

  /** Whether some chat that is known here leaves it to its admins to mute all others. */
  boolean hasChatsThatOnlyAdminsMute();

  @Override
  void close();
}
