package parley.load.bench.flame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** One turn of a bench in which a server's stacks are sampled: a picture, and a table by stage. */
public final class Profile {

  private final Path file;
  private final Path folder;

  /** One turn. */
  public interface Turn {
    /**
     * @return microseconds of CPU for each of what the bench counts
     */
    double run() throws IOException, InterruptedException;
  }

  /**
   * @param file for the flame graph
   * @param folder for what has to be kept meanwhile
   */
  public Profile(Path file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  /**
   * @param unit what CPU time is counted by
   */
  public void of(long pid, String what, String unit, Turn turn, Consumer<String> narrator)
      throws IOException, InterruptedException {
    Profiler profiler = new Profiler(pid, Files.createTempDirectory(folder, "profile"));
    profiler.start();
    double cpuUs = turn.run();
    Stacks stacks = Stacks.parse(profiler.stop());
    String title =
        String.format(Locale.ROOT, "%s: %.2f µs of CPU %s while sampled", what, cpuUs, unit);
    Files.writeString(file, new FlameGraph(stacks, title).svg());
    narrator.accept(title + ", " + stacks.samples() + " samples");
    narrator.accept(new StageTable(stacks).text(cpuUs).stripTrailing());
  }
}
