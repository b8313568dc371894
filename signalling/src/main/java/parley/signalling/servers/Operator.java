package parley.signalling.servers;

import java.util.Set;
import parley.signalling.wire.TeamId;

/**
 * Somebody who has signed in at the operator's page.
 *
 * @param name as the page shows it
 * @param teams whose calls he may see; empty: all
 * @param byOpenId whether an OpenID provider knows him; else he has a token
 */
record Operator(String name, Set<Scope> scopes, Set<TeamId> teams, boolean byOpenId) {

  Operator {
    scopes = Set.copyOf(scopes);
    teams = Set.copyOf(teams);
  }

  static Operator of(ServiceToken token) {
    return new Operator(token.name(), token.scopes(), token.teams(), false);
  }

  /** As the audit log has him. */
  String who() {
    return "operator " + name;
  }

  boolean mayLook() {
    return scopes.contains(Scope.OPERATE_VIEW) || mayAct();
  }

  boolean mayAct() {
    return scopes.contains(Scope.OPERATE_ACT);
  }

  /** The node has calls of all teams. */
  boolean mayDrain() {
    return mayAct() && teams.isEmpty();
  }

  boolean reaches(TeamId team) {
    return teams.isEmpty() || teams.contains(team);
  }
}
