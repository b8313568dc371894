package parley.signalling.session;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import parley.relay.api.CallInfo;
import parley.signalling.call.CallPlace;
import parley.signalling.call.Person;
import parley.signalling.wire.ChatShort;
import parley.signalling.wire.ChatType;
import parley.signalling.wire.Jid;
import parley.signalling.wire.TeamId;
import parley.signalling.wire.TeamShort;

/** Where a recorded call took place, read back from what its recording says. */
public final class RecordedPlace {

  private RecordedPlace() {}

  /** Empty when the recording does not say, or somebody has changed it. */
  static Optional<CallPlace> of(CallInfo info) {
    return of(info.team(), info.chat(), info.displayName());
  }

  /**
   * The same.
   *
   * @param of uid of the team
   * @param in jid of the chat, or those of both contacts joined by {@code +}
   */
  public static Optional<CallPlace> of(String of, String in, String title) {
    try {
      var team = new TeamShort(new TeamId(of), "", null);
      List<Jid> chat = List.of(in.split("\\+", -1)).stream().map(Jid::of).toList();
      return switch (chat.size()) {
        case 1 -> Optional.of(chat(team, chat.getFirst(), title));
        case 2 -> Optional.of(direct(team, chat, title));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static CallPlace chat(TeamShort team, Jid jid, String title) {
    var chat = new ChatShort(jid, ChatType.of(jid), title, null);
    return new CallPlace.Chat(team, chat, Set.of(), true);
  }

  /** The title is both names; when it cannot be told which is whose, jids stand for names. */
  private static CallPlace direct(TeamShort team, List<Jid> contacts, String title) {
    String[] names = title.split(", ", -1);
    boolean clear = names.length == 2;
    Jid one = contacts.getFirst();
    Jid other = contacts.getLast();
    return new CallPlace.Direct(
        team,
        person(one, clear ? names[0] : one.toString()),
        person(other, clear ? names[1] : other.toString()),
        true);
  }

  private static Person person(Jid jid, String name) {
    return new Person(jid, name, name, "", null, false);
  }
}
