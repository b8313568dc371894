package parley.load.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * People and the groups they meet in, each person in one, as a directory file. One more is a member
 * of all of them, and only looks. The first group is recorded.
 *
 * @param groups how many
 * @param each how many people in each
 */
record ChaosTeam(int groups, int each) {

  static final String TEAM = "7d0f2a11-52b5-4a0c-9a8d-6a1a3c0de008";

  /** Of the HTTP API, to ask a node what it owns. */
  static final String SERVICE = "chaos-service-token-of-32-characters";

  static final String OBSERVER = "token-of-the-observer";

  int people() {
    return groups * each;
  }

  int groupOf(int person) {
    return person / each;
  }

  String group(int group) {
    return String.format(Locale.ROOT, "g-5e1c6a52-0c1b-4c1e-8f58-%012d", group);
  }

  String jid(int person) {
    return String.format(Locale.ROOT, "d-5e1c6a52-0c1b-4c1e-8f58-%012d", person);
  }

  String token(int person) {
    return "token-of-person-" + person;
  }

  /** Writes the file that {@code directory.file} names. */
  void write(Path file) throws IOException {
    var yaml = new StringBuilder();
    yaml.append("teams:\n  - uid: ").append(TEAM).append("\n    name: Chaos\n");
    yaml.append("    record_direct_calls: false\n    contacts:\n");
    for (int i = 0; i <= people(); i++) {
      boolean looks = i == people();
      yaml.append("      - jid: ").append(jid(i)).append('\n');
      yaml.append("        display_name: ").append(looks ? "Observer" : "Person " + i).append('\n');
      yaml.append("        short_name: ").append(looks ? "Observer" : "P" + i).append('\n');
      yaml.append("        role: Tester\n        tokens: [");
      yaml.append(looks ? OBSERVER : token(i)).append("]\n");
    }
    yaml.append("    chats:\n");
    for (int group = 0; group < groups; group++) {
      yaml.append("      - jid: ").append(group(group)).append('\n');
      yaml.append("        display_name: Group ").append(group).append('\n');
      yaml.append("        audiorecord: ").append(group == 0).append('\n');
      yaml.append("        members: [").append(jid(people()));
      for (int i = group * each; i < (group + 1) * each; i++) {
        yaml.append(", ").append(jid(i));
      }
      yaml.append("]\n");
    }
    Files.writeString(file, yaml);
  }
}
