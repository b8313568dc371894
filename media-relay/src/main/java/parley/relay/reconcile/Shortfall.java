package parley.relay.reconcile;

import java.util.Locale;

/**
 * Something that should be recorded and is not, or not wholly, or not provably.
 *
 * @param call uid
 * @param team uid
 * @param chat jid, or those of both contacts joined by {@code +}
 * @param title what the chat is called
 * @param recording its id; empty: there is none
 * @param sentence what is wrong
 */
public record Shortfall(
    Kind kind,
    String call,
    String team,
    String chat,
    String title,
    String recording,
    String sentence) {

  /** What is wrong. */
  public enum Kind {
    /** There is no recording of a call that had to be recorded. */
    MISSING,
    /** There is, and it lacks something. */
    INCOMPLETE,
    /** It is not as it was sealed, or that could not be tried. */
    UNVERIFIED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
