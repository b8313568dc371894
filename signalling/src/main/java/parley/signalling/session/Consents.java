package parley.signalling.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.call.CallKey;
import parley.signalling.wire.Jid;

/**
 * Who has agreed, or has refused, to be recorded in the call at a place. It holds for that call,
 * and where none runs for one that begins soon. Owned by the {@link CallLoop}.
 */
final class Consents {

  /** Time to begin a call after having agreed; whoever comes later is asked again. */
  static final Duration BEFORE_A_CALL = Duration.ofMinutes(5);

  /** Places with answers; the one whose answers are oldest goes. */
  private static final int MAX_PLACES = 20_000;

  /**
   * An answer.
   *
   * @param from address it came from; may be empty
   */
  record Given(boolean agrees, Instant at, String from) {
    /** For the recording. */
    String sentence() {
      return (agrees ? "agreed at " : "refused at ") + at + (from.isEmpty() ? "" : " from " + from);
    }
  }

  private final Map<CallKey, Map<Jid, Given>> given =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CallKey, Map<Jid, Given>> eldest) {
          return size() > MAX_PLACES;
        }
      };

  /** Only members of the chat: as many as it has. */
  void put(CallKey place, Jid contact, Given answer) {
    given.computeIfAbsent(place, p -> new HashMap<>()).put(contact, answer);
  }

  /**
   * What somebody said last.
   *
   * @param begins when the call there began, or would begin: now
   * @return null when there is no answer, or it was for an earlier call
   */
  @Nullable Given of(CallKey place, Jid contact, Instant begins) {
    Given found = given.getOrDefault(place, Map.of()).get(contact);
    return found != null && !found.at().isBefore(begins.minus(BEFORE_A_CALL)) ? found : null;
  }

  /** The call there is over. */
  void forget(CallKey place) {
    given.remove(place);
  }
}
