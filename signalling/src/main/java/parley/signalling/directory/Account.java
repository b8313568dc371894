package parley.signalling.directory;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/** Who a token stands for: a person, who is a contact in one or more teams. */
public record Account(Map<TeamId, Jid> contacts) {

  public Account {
    contacts = Map.copyOf(contacts);
  }

  /** One name for this person, the same each time: the least of the jids. */
  public String name() {
    return contacts.values().stream().map(Jid::toString).min(String::compareTo).orElse("nobody");
  }

  /** This person's jid in a team; null when the team does not exist, or not for this person. */
  public @Nullable Jid in(TeamId team) {
    return contacts.get(team);
  }
}
