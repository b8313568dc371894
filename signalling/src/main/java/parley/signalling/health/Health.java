package parley.signalling.health;

import java.util.List;
import java.util.Locale;

/**
 * How a node is.
 *
 * @param troubles what is wrong, in the order of {@link Subject}; those of a node that is ready
 *     cost part of its service
 */
public record Health(State state, List<Trouble> troubles) {

  /** What is to be done about it. */
  public enum State {
    /** All is well. */
    READY,
    /** Calls go on and begin, and something is in trouble. */
    DEGRADED,
    /** No new calls are to be brought here; those that run go on. */
    NOT_READY,
    /** A thread that everything depends on has stopped: only a new process helps. */
    STUCK;

    /** In lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something is wrong.
   *
   * @param sentence for people
   */
  public record Trouble(Subject subject, String sentence) {}

  public Health {
    troubles = List.copyOf(troubles);
  }

  /** Whether the process is to be left alive. */
  public boolean isLive() {
    return state != State.STUCK;
  }

  /** Whether new calls may be brought here. */
  public boolean isReady() {
    return state == State.READY || state == State.DEGRADED;
  }
}
