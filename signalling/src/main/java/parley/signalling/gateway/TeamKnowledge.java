package parley.signalling.gateway;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.signalling.directory.Chat;
import parley.signalling.directory.Contact;
import parley.signalling.directory.DirectCalls;
import parley.signalling.directory.Icon;
import parley.signalling.directory.Team;
import parley.signalling.wire.IconData;
import parley.signalling.wire.IconData.SingleIcon;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;

/**
 * What is known of one team: the sum of what its users were told. Names and pictures are whoever's
 * told them last; who may call where is each user's own {@link View}. Owned by {@link
 * LearnedTeams}' thread.
 */
final class TeamKnowledge {

  /** People and chats of one team; no chat server shows more to one user. */
  private static final int MOST_OF_A_KIND = 100_000;

  /**
   * What is known of a chat.
   *
   * @param listed whom the chat server listed as members; empty: it does not list them
   */
  private record ChatFacts(String displayName, Icon icon, boolean audiorecord, Set<Jid> listed) {}

  private final TeamId uid;
  private final boolean recordsByDefault;
  private final Map<Jid, View> views = new HashMap<>();
  private final Map<Jid, Contact> contacts = new LinkedHashMap<>();
  private final Map<Jid, ChatFacts> chats = new LinkedHashMap<>();
  private String name = "";
  private @Nullable IconData icons;

  /**
   * @param recordsByDefault whether calls are recorded of which the chat server does not say it
   */
  TeamKnowledge(TeamId uid, boolean recordsByDefault) {
    this.uid = uid;
    this.recordsByDefault = recordsByDefault;
  }

  /**
   * Somebody was told who he is.
   *
   * @return his view; null when the chat server did not say
   */
  @Nullable View met(Told.Team team) {
    Told.Contact me = team.me();
    Jid jid = team.user();
    if (me == null || jid == null) {
      return null;
    }
    onTeam(team);
    contact(me);
    return views.computeIfAbsent(jid, View::new);
  }

  @Nullable View view(Jid user) {
    return views.get(user);
  }

  void onContacts(View view, List<Told.Contact> list) {
    view.onContacts(list);
    list.forEach(this::contact);
  }

  void onChats(View view, Jid.Kind kind, List<Told.Chat> list) {
    view.onChats(kind, list);
    list.forEach(this::chat);
  }

  void onChange(View view, Told.Change change) {
    view.onChange(change);
    change.contacts().forEach(this::contact);
    change.chats().forEach(this::chat);
    for (Told.Team team : change.teams()) {
      if (uid.value().equalsIgnoreCase(Told.text(team.uid()))) {
        onTeam(view, team);
      }
    }
  }

  /** The chat server has nothing more to tell this user. */
  void forget(Jid user) {
    views.remove(user);
  }

  /** Forgets who has not been here for so long. Whether there was anybody. */
  boolean forgetAbsent(long forNs, long nowNs) {
    return views.values().removeIf(view -> view.absentNs(nowNs) > forNs);
  }

  boolean isEmpty() {
    return views.isEmpty();
  }

  /** The team as it is known now. */
  Team snapshot() {
    Map<Jid, Set<Jid>> reachable = new HashMap<>();
    views.values().forEach(view -> reachable.put(view.user(), view.reachable()));
    DirectCalls direct =
        (caller, callee) -> reachable.getOrDefault(caller, Set.of()).contains(callee);
    Map<Jid, Chat> known = new LinkedHashMap<>();
    chats.forEach(
        (jid, facts) -> {
          SequencedSet<Jid> members = members(jid, facts);
          if (!members.isEmpty()) {
            known.put(
                jid,
                new Chat(
                    jid, facts.displayName, facts.icon, facts.audiorecord, members, true, true));
          }
        });
    Icon icon = Icon.told(icons, name, uid.value());
    return new Team(uid, name, icon, recordsByDefault, contacts, known, direct);
  }

  /**
   * Who is here knows best whether he is in a chat; of the others the chat server's list tells, if
   * there is one, or what they were told last.
   */
  private SequencedSet<Jid> members(Jid chat, ChatFacts facts) {
    SequencedSet<Jid> members = new LinkedHashSet<>();
    for (View view : views.values()) {
      boolean listed = facts.listed.isEmpty() || facts.listed.contains(view.user());
      if (view.isIn(chat) && (view.isLive() || listed)) {
        members.add(view.user());
      }
    }
    if (!members.isEmpty()) {
      facts.listed.stream().filter(jid -> !views.containsKey(jid)).forEach(members::add);
    }
    return members;
  }

  private void onTeam(Told.Team team) {
    if (!Told.text(team.name()).isEmpty()) {
      name = Told.text(team.name());
    }
    if (team.icons() != null) {
      icons = data(team.icons());
    }
  }

  private void onTeam(View view, Told.Team team) {
    if (team.isArchive()) {
      forget(view.user());
      return;
    }
    onTeam(team);
    Told.Contact me = team.me();
    if (me != null && view.user().equals(View.jid(me.jid()))) {
      contact(me);
    }
  }

  private void contact(Told.Contact told) {
    Jid jid = View.jid(told.jid());
    if (jid == null || !jid.isContact()) {
      return;
    }
    if (told.isArchive()) {
      if (!views.containsKey(jid)) {
        contacts.remove(jid);
      }
      return;
    }
    if (contacts.size() >= MOST_OF_A_KIND && !contacts.containsKey(jid)) {
      return;
    }
    String displayName = Told.text(told.displayName());
    String status = Told.text(told.status());
    contacts.put(
        jid,
        new Contact(
            jid,
            displayName,
            Told.text(told.shortName()).isEmpty() ? displayName : Told.text(told.shortName()),
            Told.text(told.role()),
            Icon.told(
                told.icons() == null ? null : data(told.icons()), displayName, jid.toString()),
            status.equals("admin") || status.equals("owner")));
  }

  private void chat(Told.Chat told) {
    Jid jid = View.jid(told.jid());
    if (jid == null || jid.isContact()) {
      return;
    }
    if (chats.size() >= MOST_OF_A_KIND && !chats.containsKey(jid)) {
      return;
    }
    ChatFacts before = chats.get(jid);
    Set<Jid> listed = new LinkedHashSet<>();
    if (told.members() == null && before != null) {
      listed.addAll(before.listed);
    }
    for (Told.Member member : Told.there(told.members())) {
      Jid one = View.jid(member.jid());
      if (one != null && one.isContact()) {
        listed.add(one);
      }
    }
    String displayName = Told.text(told.displayName());
    boolean audiorecord =
        told.audiorecord() == null ? recordsByDefault : told.audiorecord().booleanValue();
    IconData pictures = told.icons() == null ? null : data(told.icons());
    chats.put(
        jid,
        new ChatFacts(
            displayName, Icon.told(pictures, displayName, jid.toString()), audiorecord, listed));
  }

  private static IconData data(Told.Icons icons) {
    return new IconData(
        picture(icons.sm()),
        picture(icons.lg()),
        Told.text(icons.stub()),
        Told.text(icons.letters()),
        Told.text(icons.color()));
  }

  private static @Nullable SingleIcon picture(Told.@Nullable Picture picture) {
    return picture == null || picture.url() == null
        ? null
        : new SingleIcon(picture.url(), picture.width(), picture.height());
  }
}
