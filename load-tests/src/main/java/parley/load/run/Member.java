package parley.load.run;

/**
 * Somebody who can sign in.
 *
 * @param jid in the team
 */
public record Member(String team, String jid, String token) {

  @Override
  public String toString() {
    return "Member[" + jid + "]"; // tokens are secrets
  }
}
