package parley.signalling.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import parley.signalling.call.CallKey;

/**
 * Calls that are on their way to another node, as they were when it was asked. What is said about
 * one meanwhile waits for the answer: it would be lost to whoever goes on with the call, and
 * whoever came in just then would sit in a call that is none. Owned by the {@link CallLoop}.
 */
final class Handovers {

  /** The answer comes in milliseconds, and certainly in seconds; more is a flood. */
  private static final int MAX_WAITING = 1_000;

  private final Map<CallKey, List<Runnable>> waiting = new HashMap<>();

  /** A call is on its way from now on; false: it is already. */
  boolean begin(CallKey place) {
    return waiting.putIfAbsent(place, new ArrayList<>()) == null;
  }

  int size() {
    return waiting.size();
  }

  /** Whether this waits for the end of a handover; false: there is none, or too much waits. */
  boolean holds(CallKey place, Runnable step) {
    List<Runnable> steps = waiting.get(place);
    if (steps == null || steps.size() >= MAX_WAITING) {
      return false;
    }
    steps.add(step);
    return true;
  }

  /** It is certain who owns the call. */
  void end(CallKey place) {
    List<Runnable> steps = waiting.remove(place);
    if (steps != null) {
      steps.forEach(Runnable::run);
    }
  }
}
