package parley.signalling.call;

import org.jspecify.annotations.Nullable;
import parley.signalling.wire.ContactShort;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;

/**
 * A contact, as calls show him.
 *
 * @param jid a contact's
 * @param displayName full name
 * @param shortName name in chats
 * @param role free text; empty when there is none
 * @param admin whether he may do in this chat what is left to its administrators
 */
public record Person(
    Jid jid,
    String displayName,
    String shortName,
    String role,
    @Nullable IconData icons,
    boolean admin) {

  public Person {
    if (!jid.isContact()) {
      throw new IllegalArgumentException("not a contact's jid: " + jid);
    }
  }

  /** In few words. */
  public ContactShort toShort() {
    return new ContactShort(jid, displayName, shortName, icons);
  }
}
