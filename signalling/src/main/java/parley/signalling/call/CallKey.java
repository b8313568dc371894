package parley.signalling.call;

import org.jspecify.annotations.Nullable;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * Where a call takes place; there is at most one call at a time. Two contacts are the same place
 * whoever calls whom.
 *
 * @param one the group or task, or the lesser of the two contacts
 * @param other the greater of the two contacts; null for a group or task
 */
public record CallKey(TeamId team, Jid one, @Nullable Jid other) {

  /** The place of a direct call. */
  public static CallKey direct(TeamId team, Jid contact, Jid other) {
    return contact.compareTo(other) <= 0
        ? new CallKey(team, contact, other)
        : new CallKey(team, other, contact);
  }

  /** The place of a group's or task's call. */
  public static CallKey chat(TeamId team, Jid chat) {
    return new CallKey(team, chat, null);
  }

  /** The place that an event of this contact means by its {@code jid}. */
  public static CallKey of(TeamId team, Jid contact, Jid jid) {
    return jid.isContact() ? direct(team, contact, jid) : chat(team, jid);
  }

  /** For recordings: the chat's jid, or both contacts' joined by {@code +}. */
  public String chatName() {
    return other == null ? one.toString() : one + "+" + other;
  }

  @Override
  public String toString() {
    return team + "/" + chatName();
  }
}
