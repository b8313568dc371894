package parley.load.bench.server;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A directory file for the bench: a team for every room, so that rooms do not hear of each other.
 */
final class CallDirectory {

  private final int rooms;
  private final int people;
  private final int recordedFrom;

  CallDirectory(int rooms, int people) {
    this(rooms, people, rooms);
  }

  /**
   * @param recordedFrom the first room that is recorded; those behind it are, too
   */
  CallDirectory(int rooms, int people, int recordedFrom) {
    this.rooms = rooms;
    this.people = people;
    this.recordedFrom = recordedFrom;
  }

  String team(int room) {
    return uuid("team", room, 0);
  }

  String chat(int room) {
    return "g-" + uuid("chat", room, 0);
  }

  String contact(int room, int person) {
    return "d-" + uuid("contact", room, person);
  }

  String token(int room, int person) {
    return "token-" + room + "-" + person;
  }

  String yaml() {
    StringBuilder yaml = new StringBuilder("teams:\n");
    for (int room = 0; room < rooms; room++) {
      yaml.append("  - uid: ").append(team(room)).append('\n');
      yaml.append("    name: Team ").append(room).append('\n');
      yaml.append("    record_direct_calls: false\n    contacts:\n");
      for (int person = 0; person < people; person++) {
        yaml.append("      - jid: ").append(contact(room, person)).append('\n');
        yaml.append("        display_name: Person ").append(person).append('\n');
        yaml.append("        tokens: [").append(token(room, person)).append("]\n");
      }
      yaml.append("    chats:\n      - jid: ").append(chat(room)).append('\n');
      yaml.append("        display_name: Room\n        audiorecord: ");
      yaml.append(room >= recordedFrom).append('\n');
    }
    return yaml.toString();
  }

  private static String uuid(String kind, int room, int person) {
    return UUID.nameUUIDFromBytes((kind + room + "/" + person).getBytes(StandardCharsets.US_ASCII))
        .toString();
  }
}
