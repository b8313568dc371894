package parley.signalling.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import parley.signalling.settings.SettingsException;

/** What a process does of all that Parley does; by default everything. */
enum Role {
  /** Clients connect to it. */
  SIGNALLING,
  /** Calls run on it: it has the media ports, and records. */
  RELAY,
  /** It is a TURN server, where {@code turn.enabled} or if it is nothing else. */
  TURN;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Role::word).toList();
  }

  /**
   * @throws IllegalArgumentException with a sentence, when a word is none, or there is none
   */
  static Set<Role> of(List<String> words) {
    List<Role> roles = new ArrayList<>();
    for (String word : words) {
      int index = words().indexOf(word);
      if (index < 0) {
        throw new IllegalArgumentException(
            "roles: \""
                + word
                + "\" is none; right would be some of "
                + String.join(", ", words()));
      }
      roles.add(values()[index]);
    }
    if (roles.isEmpty()) {
      throw new IllegalArgumentException(
          "roles is empty, and the node would do nothing; right would be some of "
              + String.join(", ", words()));
    }
    return Collections.unmodifiableSet(EnumSet.copyOf(roles));
  }

  /** Whether these are a TURN server and nothing else. */
  static boolean isTurnAlone(Set<Role> roles) {
    return roles.equals(Set.of(TURN));
  }

  /**
   * @param cluster whether there are other nodes
   * @throws SettingsException when no call could ever come about with such a node
   */
  static void check(Set<Role> roles, boolean cluster) throws SettingsException {
    if (isTurnAlone(roles)) {
      throw new SettingsException(
          "roles", "is turn alone, which is the business of the command turn; run starts it, too");
    }
    for (Role needed : List.of(SIGNALLING, RELAY)) {
      if (!roles.contains(needed) && !cluster) {
        throw new SettingsException(
            "roles",
            "has no "
                + needed.word()
                + ", and nats.url is empty: there would be no node that has it. Right would be "
                + needed.word()
                + " as well, or nats.url, by which other nodes are found");
      }
    }
  }
}
