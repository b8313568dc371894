package parley.signalling.recordings;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody may do with recordings. */
public enum Right {
  /** Search, look at what is known of one, and have it verified. */
  LIST,
  /** Hear it. */
  PLAY,
  /** Take it away. */
  EXPORT,
  /** Put it on hold, release it, and say for how long it has to be kept. */
  HOLD,
  /** Delete it, when nothing stands against that. */
  DELETE;

  /** Roles that need no settings. */
  public static final Map<String, Set<Right>> ROLES =
      Map.of(
          "reader",
          EnumSet.of(LIST),
          "listener",
          EnumSet.of(LIST, PLAY),
          "exporter",
          EnumSet.of(LIST, PLAY, EXPORT),
          "custodian",
          EnumSet.of(LIST, HOLD),
          "officer",
          EnumSet.allOf(Right.class));

  /** As settings and answers have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As a service token has it. */
  public String scope() {
    return "recordings:" + word();
  }

  /** Null when there is none of this name. */
  public static @Nullable Right tryParse(String word) {
    return Arrays.stream(values()).filter(r -> r.word().equals(word)).findFirst().orElse(null);
  }

  /** All names. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Right::word).toList();
  }
}
