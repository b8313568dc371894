package parley.load.run;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import parley.load.report.Sample;

/** How a run goes: one line that changes where there is a terminal, else a line now and then. */
final class ProgressLine {

  /** Without a terminal. */
  private static final double EVERY_S = 10;

  private final PrintStream out;
  private final boolean inPlace;
  private final int lastsS;
  private double nextS;
  private int width;
  private long errors;

  ProgressLine(int lastsS) {
    this(System.err, isTerminal(), lastsS);
  }

  ProgressLine(PrintStream out, boolean inPlace, int lastsS) {
    this.out = out;
    this.inPlace = inPlace;
    this.lastsS = lastsS;
  }

  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  void show(Sample sample) {
    errors += sample.errorCount();
    String line = text(sample);
    if (inPlace) {
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      out.flush();
      width = line.length();
    } else if (sample.atS() >= nextS) {
      nextS = sample.atS() + EVERY_S;
      out.println(line);
    }
  }

  private String text(Sample now) {
    return String.format(
        Locale.ROOT,
        "%s of %s  %s  calls %d  people %d  set-up p95 %s ms  lost %s %%  p99 %s ms  MOS %s  errors"
            + " %d",
        clock(now.atS()),
        clock(lastsS),
        now.phase(),
        now.calls(),
        now.people(),
        number("%.0f", now.setUpP95Ms()),
        number("%.2f", now.lossPercent()),
        number("%.1f", now.latencyP99Ms()),
        number("%.2f", now.mosMean()),
        errors);
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
  }

  /** The line stays; what follows begins on the next one. */
  void end() {
    if (inPlace && width > 0) {
      out.println();
    }
  }
}
