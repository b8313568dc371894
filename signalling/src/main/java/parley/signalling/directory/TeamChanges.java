package parley.signalling.directory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Consumer;
import parley.signalling.wire.TeamId;

/** Hears from the chat server that a team is not as it was. */
public final class TeamChanges {

  private final byte[] authorization;
  private final Consumer<TeamId> changed;

  /**
   * @param authorization what the chat server must bring as its Authorization header; empty: nobody
   *     is believed
   * @param changed any thread; must not block
   */
  public TeamChanges(String authorization, Consumer<TeamId> changed) {
    this.authorization = authorization.getBytes(StandardCharsets.UTF_8);
    this.changed = changed;
  }

  /**
   * Takes a team's change for true if the sender knows the secret.
   *
   * @return whether the sender does
   */
  public boolean onChange(String header, TeamId team) {
    boolean known =
        authorization.length > 0
            && MessageDigest.isEqual(authorization, header.getBytes(StandardCharsets.UTF_8));
    if (known) {
      changed.accept(team);
    }
    return known;
  }
}
