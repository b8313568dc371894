package parley.signalling.call;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.ChatType;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OuterChat;
import parley.signalling.wire.TeamShort;

/** The chat a call takes place in, as it was when the call began. */
public sealed interface CallPlace {

  TeamShort team();

  /** Whether calls of this chat are to be recorded. */
  boolean audiorecord();

  /** Where this is. */
  CallKey key();

  /** What the call is called to its viewer: the other contact, or the chat itself. */
  ChatShort seenBy(Jid viewer);

  /** The chat as servers are told of it. */
  OuterChat seenFromOutside();

  /** Who may see and join the call. */
  Set<Jid> members();

  /** Title for people who are not in the chat: a recording's. */
  String title();

  /** Two different contacts; nobody calls himself. Each sees the other as the chat. */
  record Direct(TeamShort team, Person one, Person other, boolean audiorecord)
      implements CallPlace {
    public Direct {
      if (one.jid().equals(other.jid())) {
        throw new IllegalArgumentException("a direct call is between two contacts: " + one.jid());
      }
    }

    @Override
    public CallKey key() {
      return CallKey.direct(team.uid(), one.jid(), other.jid());
    }

    @Override
    public ChatShort seenBy(Jid viewer) {
      Person seen = viewer.equals(one.jid()) ? other : one;
      return new ChatShort(seen.jid(), ChatType.DIRECT, seen.displayName(), seen.icons());
    }

    @Override
    public OuterChat seenFromOutside() {
      List<Jid> both = List.copyOf(new TreeSet<>(members()));
      return new OuterChat(ChatType.DIRECT, null, both, title());
    }

    @Override
    public Set<Jid> members() {
      return Set.of(one.jid(), other.jid());
    }

    @Override
    public String title() {
      return String.join(", ", List.of(one.displayName(), other.displayName()));
    }
  }

  /** A group or a task: everyone sees the same. */
  record Chat(TeamShort team, ChatShort chat, Set<Jid> members, boolean audiorecord)
      implements CallPlace {
    public Chat {
      members = Set.copyOf(members);
    }

    @Override
    public CallKey key() {
      return CallKey.chat(team.uid(), chat.jid());
    }

    @Override
    public ChatShort seenBy(Jid viewer) {
      return chat;
    }

    @Override
    public OuterChat seenFromOutside() {
      return new OuterChat(chat.chatType(), chat.jid(), null, title());
    }

    @Override
    public String title() {
      return chat.displayName();
    }
  }
}
