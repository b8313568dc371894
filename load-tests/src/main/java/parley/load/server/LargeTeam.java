package parley.load.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A team of as many people as are wanted, all of them in one group, as a directory file.
 *
 * @param people numbered from 0
 */
public record LargeTeam(int people) {

  public static final String TEAM = "7d0f2a11-52b5-4a0c-9a8d-6a1a3c0de001";
  public static final String GROUP = "g-5e1c6a52-0c1b-4c1e-8f57-2b8a61c0de02";

  /** Writes the file that {@code directory.file} names. */
  public void write(Path file) throws IOException {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        teams:
          - uid: %s
            name: Large team
            record_direct_calls: false
            contacts:
        """
            .formatted(TEAM));
    for (int i = 0; i < people; i++) {
      yaml.append(
          """
                - jid: %s
                  display_name: Person Number %d
                  short_name: Nr%d
                  role: Participant
                  admin: %s
                  tokens: [%s]
          """
              .formatted(jid(i), i, i, i == 0, token(i)));
    }
    yaml.append(
        """
            chats:
              - jid: %s
                display_name: Everyone
                audiorecord: false
        """
            .formatted(GROUP));
    Files.writeString(file, yaml);
  }

  public String jid(int person) {
    return String.format(Locale.ROOT, "d-5e1c6a52-0c1b-4c1e-8f57-%012d", person);
  }

  public String token(int person) {
    return "token-of-person-" + person;
  }
}
