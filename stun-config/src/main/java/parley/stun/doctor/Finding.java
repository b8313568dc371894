package parley.stun.doctor;

/**
 * What one check found.
 *
 * @param check its name, for scripts: words with hyphens
 * @param verdict how bad it is
 * @param found one sentence: what was looked at, and what it is like
 * @param why one sentence: whom it harms, and how; empty when nothing is wrong
 * @param change one sentence: what to do; empty when nothing is wrong
 */
public record Finding(String check, Verdict verdict, String found, String why, String change) {

  /** How bad it is. */
  public enum Verdict {
    OK,
    /** It could not be looked at. */
    SKIPPED,
    /** It works, and may not always. */
    WARNING,
    WRONG
  }

  static Finding ok(String check, String found) {
    return new Finding(check, Verdict.OK, found, "", "");
  }

  static Finding skipped(String check, String found) {
    return new Finding(check, Verdict.SKIPPED, found, "", "");
  }

  static Finding warning(String check, String found, String why, String change) {
    return new Finding(check, Verdict.WARNING, found, why, change);
  }

  static Finding wrong(String check, String found, String why, String change) {
    return new Finding(check, Verdict.WRONG, found, why, change);
  }

  /** For people. */
  public String text() {
    String mark =
        switch (verdict) {
          case OK -> "ok     ";
          case SKIPPED -> "skipped";
          case WARNING -> "warning";
          case WRONG -> "WRONG  ";
        };
    StringBuilder text = new StringBuilder(mark + " " + check + ": " + found);
    if (!why.isEmpty()) {
      text.append("\n          Why it matters: ").append(why);
    }
    if (!change.isEmpty()) {
      text.append("\n          What to change: ").append(change);
    }
    return text.toString();
  }
}
