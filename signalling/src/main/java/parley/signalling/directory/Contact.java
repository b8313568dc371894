package parley.signalling.directory;

import parley.signalling.call.Person;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;

/** A person in a team. */
public record Contact(
    Jid jid, String displayName, String shortName, String role, Icon icon, boolean admin) {

  /** Where clients find the icon. */
  public IconData icons() {
    return IconUrls.data(icon, jid.toString());
  }

  /** As calls show this contact. */
  public Person person() {
    return new Person(jid, displayName, shortName, role, icons(), admin);
  }
}
