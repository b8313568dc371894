package parley.signalling.directory;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
  private final DirectCalls direct;
  private final String recording;
  private final String recordDirectly;

  /**
   * A team in which everyone may call everyone.
   *
   * @param recordDirectCalls whether calls between two people are recorded
   * @param contacts shown in this order
   * @param chats shown in this order
   */
  public Team(
      TeamId uid,
      String name,
      Icon icon,
      boolean recordDirectCalls,
      Map<Jid, Contact> contacts,
      Map<Jid, Chat> chats) {
    this(uid, name, icon, recordDirectCalls, contacts, chats, DirectCalls.EVERYONE, "", "");
  }

  /** A team whose calls are recorded as chats say. */
  public Team(
      TeamId uid,
      String name,
      Icon icon,
      boolean recordDirectCalls,
      Map<Jid, Contact> contacts,
      Map<Jid, Chat> chats,
      DirectCalls direct) {
    this(uid, name, icon, recordDirectCalls, contacts, chats, direct, "", "");
  }

  /**
   * @param recordDirectCalls whether calls between two people are recorded
   * @param contacts shown in this order
   * @param chats shown in this order
   * @param direct who may call whom; never changes either
   * @param recording name of the policy for calls in chats that name none; empty: none
   * @param recordDirectly name of the policy for calls between two people; empty: none
   */
  public Team(
      TeamId uid,
      String name,
      Icon icon,
      boolean recordDirectCalls,
      Map<Jid, Contact> contacts,
      Map<Jid, Chat> chats,
      DirectCalls direct,
      String recording,
      String recordDirectly) {
    this.direct = direct;
    this.recording = recording;
    this.recordDirectly = recordDirectly;
    this.uid = uid;
    this.name = name;
    this.icon = icon;
    this.recordDirectCalls = recordDirectCalls;
    this.contacts = Collections.unmodifiableMap(new LinkedHashMap<>(contacts));
    this.chats = Collections.unmodifiableMap(new LinkedHashMap<>(chats));
  }

  /** The same team when there is nobody and nothing left in it. */
  Team empty() {
    return new Team(uid, name, icon, recordDirectCalls, Map.of(), Map.of());
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
      return other == null || !areConnected(caller, jid)
          ? null
          : new CallPlace.Direct(toShort(), one.person(), other.person(), recordDirectCalls);
    }
    Chat chat = chats.get(jid);
    return chat == null || !chat.members().contains(caller)
        ? null
        : new CallPlace.Chat(toShort(), chat.toShort(), chat.members(), chat.audiorecord());
  }

  /** Whether a member may begin a call; who may not may still join one. */
  public boolean mayBegin(Jid caller, Jid jid) {
    if (jid.isContact()) {
      return direct.mayBegin(caller, jid);
    }
    Contact one = contacts.get(caller);
    Chat chat = chats.get(jid);
    return chat == null || chat.everyoneCalls() || (one != null && one.admin());
  }

  /** Whether a call between these two can be: whoever is called may answer. */
  private boolean areConnected(Jid one, Jid other) {
    return direct.mayBegin(one, other) || direct.mayBegin(other, one);
  }

  /**
   * Who may be in a call at a place where one runs; nobody when there is no such place any more.
   */
  public Set<Jid> membersOf(CallPlace place) {
    return switch (place) {
      case CallPlace.Direct two -> {
        Set<Jid> both = new HashSet<>(two.members());
        both.retainAll(contacts.keySet());
        yield areConnected(two.one().jid(), two.other().jid()) ? both : Set.of();
      }
      case CallPlace.Chat one -> {
        Chat chat = chats.get(one.chat().jid());
        yield chat == null ? Set.of() : chat.members();
      }
    };
  }

  /** Whether calls at a place are recorded; not when there is no such place any more. */
  public boolean records(CallPlace place) {
    return switch (place) {
      case CallPlace.Direct two -> recordDirectCalls;
      case CallPlace.Chat one -> {
        Chat chat = chats.get(one.chat().jid());
        yield chat != null && chat.audiorecord();
      }
    };
  }

  /** The policy of recording that the directory names for calls at a place; empty: none. */
  public String recordingNamed(CallPlace place) {
    return switch (place) {
      case CallPlace.Direct two -> recordDirectly;
      case CallPlace.Chat one -> {
        Chat chat = chats.get(one.chat().jid());
        yield chat == null || chat.recording().isEmpty() ? recording : chat.recording();
      }
    };
  }

  /** Every policy of recording that the directory names for this team. */
  public Set<String> recordingsNamed() {
    Set<String> names = new TreeSet<>();
    names.add(recording);
    names.add(recordDirectly);
    chats.values().forEach(chat -> names.add(chat.recording()));
    names.remove("");
    return names;
  }

  /** Whether some chat leaves it to its admins to mute all others. */
  boolean hasChatsThatOnlyAdminsMute() {
    return chats.values().stream().anyMatch(chat -> !chat.everyoneMutes());
  }

  /** The chats that a contact is a member of, in the order of the file. */
  public List<Chat> chatsOf(Jid contact) {
    return chats.values().stream().filter(chat -> chat.members().contains(contact)).toList();
  }
}
