package parley.signalling.recordings;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Somebody who may do something with recordings.
 *
 * @param who as the audit log has him: {@code person Olga Officer}, {@code token chat server}
 * @param name for himself
 * @param rights what he may do
 * @param teams uids of those whose recordings he may touch; empty: all
 * @param person whether he may sign in on a page
 */
public record Visitor(
    String who, String name, Set<Right> rights, Set<String> teams, boolean person) {

  public Visitor {
    rights = Set.copyOf(rights);
    teams = Set.copyOf(teams);
  }

  boolean may(Right right) {
    return rights.contains(right);
  }

  boolean reaches(String team) {
    return teams.isEmpty() || teams.contains(team);
  }

  /** In the order of {@link Right}. */
  List<String> words() {
    return Arrays.stream(Right.values()).filter(this::may).map(Right::word).toList();
  }
}
