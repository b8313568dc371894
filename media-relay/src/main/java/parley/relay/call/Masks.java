package parley.relay.call;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is kept out of the recording, and why. */
final class Masks {

  /** Stands for everybody. */
  private static final String ALL = "";

  private final Map<String, String> reasons = new HashMap<>();

  /**
   * @param contact empty: everybody
   */
  void set(String contact, boolean on, String why) {
    if (on) {
      reasons.put(contact, why);
    } else {
      reasons.remove(contact);
    }
  }

  /** Why nothing of this contact is recorded; null: it is. */
  @Nullable String of(String contact) {
    String all = reasons.get(ALL);
    return all != null ? all : reasons.get(contact);
  }
}
