package parley.relay.evidence;

/**
 * Somebody did something with a recording, or wanted to. No field may hold a secret: everybody who
 * may audit reads all of them. What is longer than {@link #MAX_CHARS} is cut.
 *
 * @param who as the way in knows him: {@code token chat server}, {@code user backup}, a jid
 * @param what a verb with dots: {@code recording.on}, {@code recordings.play}
 * @param on the call's uid, or whatever else it is about; may be empty
 * @param why the reason that was given; empty when none was
 * @param from the address or the terminal; empty when there is none
 * @param outcome {@code allowed}, or {@code refused: } and why
 */
public record AuditEntry(
    String who, String what, String on, String why, String from, String outcome) {

  /** A sentence or two; a file of them stays one that can be read. */
  public static final int MAX_CHARS = 500;

  /** The outcome of what was permitted. */
  public static final String ALLOWED = "allowed";

  public AuditEntry {
    who = cut(who);
    what = cut(what);
    on = cut(on);
    why = cut(why);
    from = cut(from);
    outcome = cut(outcome);
  }

  private static String cut(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS - 1) + "…";
  }
}
