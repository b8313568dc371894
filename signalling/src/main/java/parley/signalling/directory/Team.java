package parley.signalling.directory;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.CallPlace;
import parley.signalling.wire.IconData;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;
import parley.signalling.wire.TeamShort;

/** A team: its people and its chats. Does not change. */
public final class Team {

  private final TeamId uid;
  private final String name;
  private final Icon icon;
  private final boolean recordDirectCalls;
  private final Map<Jid, Contact> contacts;
  private final Map<Jid, Chat> chats;

  Team(
      TeamId uid,
      String name,
      Icon icon,
      boolean recordDirectCalls,
      Map<Jid, Contact> contacts,
      Map<Jid, Chat> chats) {
    this.uid = uid;
    this.name = name;
    this.icon = icon;
    this.recordDirectCalls = recordDirectCalls;
    this.contacts = Collections.unmodifiableMap(new LinkedHashMap<>(contacts));
    this.chats = Collections.unmodifiableMap(new LinkedHashMap<>(chats));
  }

  public TeamId uid() {
    return uid;
  }

  public String name() {
    return name;
  }

  public Icon icon() {
    return icon;
  }

  /** Whether calls between two people are recorded. */
  public boolean recordDirectCalls() {
    return recordDirectCalls;
  }

  /** The icon of a contact or chat; null when there is none of that jid. */
  @Nullable Icon icon(String jid) {
    Jid parsed = Jid.tryParse(jid);
    if (parsed == null) {
      return null;
    }
    Contact contact = contacts.get(parsed);
    Chat chat = chats.get(parsed);
    return contact != null ? contact.icon() : chat != null ? chat.icon() : null;
  }

  /** In few words. */
  public TeamShort toShort() {
    return new TeamShort(uid, name, icons());
  }

  /** Where clients find the icon. */
  public IconData icons() {
    return IconUrls.data(icon, uid.value());
  }

  /** In the order of the file. */
  public Collection<Contact> contacts() {
    return contacts.values();
  }

  /** In the order of the file. */
  public Collection<Chat> chats() {
    return chats.values();
  }

  public @Nullable Contact contact(Jid jid) {
    return contacts.get(jid);
  }

  public @Nullable Chat chat(Jid jid) {
    return chats.get(jid);
  }

  /**
   * Where a call would take place that this contact means by a jid; null when the jid is nothing to
   * him: no such chat, not a member, no such colleague, himself.
   */
  public @Nullable CallPlace place(Jid caller, Jid jid) {
    Contact one = contacts.get(caller);
    if (one == null || caller.equals(jid)) {
      return null;
    }
    if (jid.isContact()) {
      Contact other = contacts.get(jid);
      return other == null
          ? null
          : new CallPlace.Direct(toShort(), one.person(), other.person(), recordDirectCalls);
    }
    Chat chat = chats.get(jid);
    return chat == null || !chat.members().contains(caller)
        ? null
        : new CallPlace.Chat(toShort(), chat.toShort(), chat.members(), chat.audiorecord());
  }

  /** The chats that a contact is a member of, in the order of the file. */
  public List<Chat> chatsOf(Jid contact) {
    return chats.values().stream().filter(chat -> chat.members().contains(contact)).toList();
  }
}
