package parley.signalling.app;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import parley.relay.replay.Progress;

/**
 * Shows how far slow work is, on the error stream: a bar where there is a terminal, else nothing,
 * for a file of bars helps nobody.
 */
final class ProgressBar implements Progress, AutoCloseable {

  private static final int WIDTH = 30;

  /** What is done next is told behind the bar; a longer line would break. */
  private static final int MAX_STEP = 34;

  private final PrintStream out;
  private final boolean shown;
  private String last = "";

  ProgressBar() {
    this(System.err, isTerminal());
  }

  ProgressBar(PrintStream out, boolean shown) {
    this.out = out;
    this.shown = shown;
  }

  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  @Override
  public void at(double share, String step) {
    int done = (int) Math.round(WIDTH * Math.clamp(share, 0.0, 1.0));
    String words = step.length() <= MAX_STEP ? step : step.substring(0, MAX_STEP - 1) + "…";
    String line =
        String.format(
            Locale.ROOT,
            "[%s%s] %3d %%  %s",
            "#".repeat(done),
            ".".repeat(WIDTH - done),
            (int) (100 * share),
            words);
    if (shown && !line.equals(last)) {
      out.print("\r" + line + " ".repeat(Math.max(0, last.length() - line.length())));
      out.flush();
      last = line;
    }
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (!last.isEmpty()) {
      out.print("\r" + " ".repeat(last.length()) + "\r");
      out.flush();
      last = "";
    }
  }
}
