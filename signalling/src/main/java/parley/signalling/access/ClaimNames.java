package parley.signalling.access;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Account;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * Which claims of a token say who its holder is.
 *
 * @param contact holds a contact's jid, or the UUID of one
 * @param teams holds a team's uid, a list of them, or an object with the holder's jid by team
 * @param defaultTeam of tokens without the teams claim; null: such tokens are nobody's
 */
public record ClaimNames(String contact, String teams, @Nullable TeamId defaultTeam) {

  /** Nobody reads more; a token has no room for many more either. */
  private static final int MAX_TEAMS = 256;

  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){4}[0-9a-fA-F]{8}");

  /** Whose claims these are; null when they name nobody. */
  @Nullable Account account(Map<String, ?> claims) {
    Object named = claims.get(teams);
    Map<TeamId, Jid> contacts = new HashMap<>();
    if (named instanceof Map<?, ?> byTeam) {
      byTeam.forEach((team, jid) -> add(contacts, team, jid(jid)));
    } else {
      Jid jid = jid(claims.get(contact));
      if (named instanceof Collection<?> list) {
        list.forEach(team -> add(contacts, team, jid));
      } else if (named != null) {
        add(contacts, named, jid);
      } else if (defaultTeam != null && jid != null) {
        contacts.put(defaultTeam, jid);
      }
    }
    return contacts.isEmpty() ? null : new Account(contacts);
  }

  /** A team's uid in its one spelling; null when it is none. */
  public static @Nullable TeamId team(@Nullable Object value) {
    return value instanceof String text && UUID_TEXT.matcher(text).matches()
        ? TeamId.of(text)
        : null;
  }

  private static void add(Map<TeamId, Jid> contacts, @Nullable Object team, @Nullable Jid jid) {
    TeamId uid = team(team);
    if (uid != null && jid != null && contacts.size() < MAX_TEAMS) {
      contacts.put(uid, jid);
    }
  }

  private static @Nullable Jid jid(@Nullable Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    for (String spelled : List.of(text, "d-" + text)) {
      Jid jid = Jid.tryParse(spelled);
      if (jid != null) {
        return jid.isContact() ? jid : null;
      }
    }
    return null;
  }
}
