package parley.signalling.audit;

/**
 * Somebody does something with recordings.
 *
 * @param who as the way in knows him: {@code token chat server}, {@code user backup}, a jid
 * @param what a verb with dots: {@code recording.on}, {@code recordings.play}
 * @param on the call's uid, or whatever else it is about; may be empty
 * @param why the reason that was given; empty when none was
 * @param from the address or the terminal; empty when there is none
 * @param outcome {@link #ALLOWED}, or {@code refused: } and why
 */
public record Access(String who, String what, String on, String why, String from, String outcome) {

  /** Characters of a reason: a sentence or two, and a case number. */
  public static final int MAX_REASON = 400;

  /** He may. */
  public static final String ALLOWED = "allowed";

  /** An access that is permitted. */
  public static Access allowed(String who, String what, String on, String why, String from) {
    return new Access(who, what, on, why, from, ALLOWED);
  }

  /** The same, after it came to nothing. */
  public Access refused(String sentence) {
    return new Access(who, what, on, why, from, "refused: " + sentence);
  }
}
