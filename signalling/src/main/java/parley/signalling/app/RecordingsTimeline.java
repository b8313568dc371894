package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import parley.relay.replay.Timeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley recordings timeline}. */
@Command(
    name = "timeline",
    mixinStandardHelpOptions = true,
    description = {
      "Draws who spoke when, a line a device: # talks, . is there, m muted, x masked, ! missing"
          + " that should be there. Takes no key.%n"
    })
final class RecordingsTimeline implements Callable<Integer> {

  /** More is no picture any more. */
  private static final int MAX_WIDTH = 1000;

  private static final int NAME_WIDTH = 20;

  @Parameters(paramLabel = "FOLDER", arity = "1..*", description = "Folders of recordings.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--width",
      paramLabel = "N",
      defaultValue = "72",
      description = "Characters for the whole length; default: ${DEFAULT-VALUE}.")
  private int width = 72;

  @Override
  public Integer call() {
    width = Math.clamp(width, 1, MAX_WIDTH);
    try {
      for (Path folder : folders) {
        draw(Timeline.read(folder));
      }
      return 0;
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private void draw(Timeline line) {
    System.out.printf(
        "%s, began %s, %s, %s%n",
        plain(line.title()), plain(line.began()), clock(line.length()), line.state());
    for (Timeline.Lane lane : line.lanes()) {
      System.out.printf("%-" + NAME_WIDTH + "s |%s|%n", name(lane), cells(lane, line.length()));
    }
    for (Timeline.Lane lane : line.lanes()) {
      for (Timeline.Missing gap : lane.gaps()) {
        if (gap.due()) {
          System.out.printf(
              Locale.ROOT,
              "  %s  %s: %.3f s missing: %s%n",
              clock(gap.from()),
              plain(lane.name()),
              gap.to() - gap.from(),
              gap.why());
        }
      }
    }
    for (Timeline.Event event : line.events()) {
      System.out.printf(
          "  %s  %s %s %s%n",
          clock(event.at()), event.what(), plain(event.name()), plain(event.text()));
    }
  }

  private static String name(Timeline.Lane lane) {
    String name = plain(lane.name());
    return name.length() <= NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 1) + "…";
  }

  private String cells(Timeline.Lane lane, double length) {
    char[] cells = new char[width];
    Arrays.fill(cells, ' ');
    double cell = length <= 0 ? 1 : length / width;
    fill(cells, cell, lane.joined(), lane.left(), '.');
    lane.talked().forEach(span -> fill(cells, cell, span.from(), span.to(), '#'));
    lane.muted().forEach(span -> fill(cells, cell, span.from(), span.to(), 'm'));
    lane.masked().forEach(span -> fill(cells, cell, span.from(), span.to(), 'x'));
    lane.gaps().stream()
        .filter(Timeline.Missing::due)
        .forEach(gap -> fill(cells, cell, gap.from(), gap.to(), '!'));
    return new String(cells);
  }

  /** What is shorter than a character is shown as one. */
  private static void fill(char[] cells, double cell, double from, double to, char sign) {
    int first = Math.clamp((long) (from / cell), 0, cells.length - 1);
    int behind = Math.clamp((long) Math.ceil(to / cell), first + 1, cells.length);
    Arrays.fill(cells, first, behind, sign);
  }

  private static String clock(double seconds) {
    long ms = Math.round(1000 * seconds);
    return String.format(
        Locale.ROOT,
        "%d:%02d:%02d.%03d",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1000 % 60,
        ms % 1000);
  }

  /** A terminal obeys what is not printable. */
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
