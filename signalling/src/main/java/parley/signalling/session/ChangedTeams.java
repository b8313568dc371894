package parley.signalling.session;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Team;
import parley.signalling.wire.TeamId;

/**
 * Teams that changed lately, as they are now: an arrival that waited while its team changed still
 * holds the team as it was. Owned by the {@link CallLoop}.
 */
final class ChangedTeams {

  /** An arrival waits for a second at most; this many do not change in it. */
  private static final int MAX_TEAMS = 1_000;

  private final LinkedHashMap<TeamId, Team> latest = new LinkedHashMap<>();

  /**
   * @return the team as it was; null when that is not known
   */
  @Nullable Team add(Team team) {
    Team before = latest.remove(team.uid());
    latest.put(team.uid(), team);
    if (latest.size() > MAX_TEAMS) {
      latest.pollFirstEntry();
    }
    return before;
  }

  /** The team as it is now. */
  Team latest(Team found) {
    return latest.getOrDefault(found.uid(), found);
  }
}
