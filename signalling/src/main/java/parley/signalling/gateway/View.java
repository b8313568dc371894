package parley.signalling.gateway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.signalling.wire.Jid;

/**
 * What one user has been told of himself: whom and where he may call. Only what the chat server
 * said to this very user lets him into a call. Owned by {@link LearnedTeams}' thread.
 */
final class View {

  /** Changes that come while a list is asked for; more are a list's worth themselves. */
  private static final int MOST_CHANGES = 1_000;

  private final Jid user;

  /** Colleagues whom he may call. Never changed but replaced: snapshots hold on to it. */
  private Set<Jid> reachable = Set.of();

  /** Groups and tasks that he is in, and may call in. */
  private final Set<Jid> chats = new HashSet<>();

  /** What was told while lists were asked for: they may be older than that. */
  private final List<Told.Change> changes = new ArrayList<>();

  private int listsAwaited;
  private int sockets;
  private int kept;
  private long absentSinceNs = System.nanoTime();

  View(Jid user) {
    this.user = user;
  }

  Jid user() {
    return user;
  }

  Set<Jid> reachable() {
    return reachable;
  }

  boolean isIn(Jid chat) {
    return chats.contains(chat);
  }

  // --- whether he is here

  void opened() {
    sockets++;
  }

  void closed(long nowNs) {
    sockets = Math.max(0, sockets - 1);
    absentSinceNs = nowNs;
  }

  /** He waits for the chat server, on so many more sockets. */
  void keep(int more) {
    kept = Math.max(0, kept + more);
    absentSinceNs = System.nanoTime();
  }

  /** Whether what the chat server tells him passes here: then the view is as of now. */
  boolean isLive() {
    return sockets > 0;
  }

  long absentNs(long nowNs) {
    return isLive() || kept > 0 ? 0 : nowNs - absentSinceNs;
  }

  // --- what he is told

  /**
   * Lists are asked for; each is answered by {@link #onContacts}, {@link #onChats} or not at all.
   */
  void awaits(int lists) {
    listsAwaited += lists;
  }

  /** One of the lists will not come. */
  void awaitsNoMore() {
    listsAwaited = Math.max(0, listsAwaited - 1);
    if (listsAwaited == 0) {
      changes.clear();
    }
  }

  /** These are all his colleagues. */
  void onContacts(List<Told.Contact> contacts) {
    reachable = Set.of();
    apply(contacts);
    changes.forEach(change -> apply(change.contacts()));
  }

  /** These are all his chats of a kind. */
  void onChats(Jid.Kind kind, List<Told.Chat> list) {
    chats.removeIf(jid -> jid.kind() == kind);
    list.forEach(this::chat);
    changes.forEach(this::applyChats);
  }

  void onChange(Told.Change change) {
    apply(change.contacts());
    applyChats(change);
    if (listsAwaited > 0 && changes.size() < MOST_CHANGES) {
      changes.add(change);
    }
  }

  private void applyChats(Told.Change change) {
    change.chats().forEach(this::chat);
    change.gone().forEach(this::gone);
  }

  private void apply(List<Told.Contact> contacts) {
    Set<Jid> now = new HashSet<>(reachable);
    for (Told.Contact contact : contacts) {
      Jid jid = jid(contact.jid());
      if (jid != null && jid.isContact()) {
        set(now, jid, contact.canCall() && !contact.isArchive());
      }
    }
    replaceReachable(now);
  }

  private void chat(Told.Chat chat) {
    Jid jid = jid(chat.jid());
    if (jid == null) {
      return;
    }
    boolean calls = chat.canCall() && !chat.isArchive() && !chat.canJoin();
    if (jid.isContact()) {
      Set<Jid> now = new HashSet<>(reachable);
      set(now, jid, calls);
      replaceReachable(now);
    } else {
      set(chats, jid, calls && isMember(chat));
    }
  }

  /** A direct chat that is deleted is an empty one: the colleague is still there. */
  private void gone(Told.Chat chat) {
    Jid jid = jid(chat.jid());
    if (jid != null) {
      chats.remove(jid);
    }
  }

  /** A public chat is shown to everyone: being shown it is not being in it. */
  private boolean isMember(Told.Chat chat) {
    List<Told.Member> members = Told.there(chat.members());
    if (!members.isEmpty()) {
      return members.stream().anyMatch(member -> isMe(member.jid()));
    }
    return !Told.text(chat.status()).isEmpty()
        || Stream.concat(
                Stream.of(Told.text(chat.assignee()), Told.text(chat.owner())),
                Told.there(chat.observers()).stream())
            .anyMatch(this::isMe);
  }

  private boolean isMe(@Nullable String jid) {
    return user.equals(jid(jid));
  }

  private void replaceReachable(Set<Jid> now) {
    if (!now.equals(reachable)) {
      reachable = Set.copyOf(now);
    }
  }

  private static void set(Set<Jid> set, Jid jid, boolean in) {
    if (in) {
      set.add(jid);
    } else {
      set.remove(jid);
    }
  }

  static @Nullable Jid jid(@Nullable String text) {
    return text == null ? null : Jid.tryParse(text);
  }
}
