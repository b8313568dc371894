package parley.signalling.app;

import java.util.Locale;

/** What a selftest prints: a verdict a line. */
final class Verdicts {

  private boolean failed;

  void say(boolean ok, String format, Object... values) {
    failed |= !ok;
    System.out.println((ok ? "ok      " : "FAILED  ") + String.format(Locale.ROOT, format, values));
  }

  /** Something that cannot be tried here. */
  void skip(String format, Object... values) {
    System.out.println("skipped " + String.format(Locale.ROOT, format, values));
  }

  /** Whether any line said so. */
  boolean failed() {
    return failed;
  }
}
