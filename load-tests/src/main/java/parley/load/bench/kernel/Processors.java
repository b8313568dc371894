package parley.load.bench.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Keeps processes on processors of their own, by taskset(1). */
public final class Processors {

  private Processors() {}

  /** In front of a command, so that it runs on this processor only. */
  public static List<String> only(int cpu) {
    return List.of("taskset", "-c", Integer.toString(cpu));
  }

  /**
   * Moves all threads of a process there.
   *
   * @throws IOException saying what is missing
   */
  public static void move(long pid, int cpu) throws IOException, InterruptedException {
    Process taskset;
    try {
      taskset =
          new ProcessBuilder("taskset", "-acp", Integer.toString(cpu), Long.toString(pid))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new IOException("the bench needs taskset (Debian's package util-linux)", e);
    }
    String said = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (taskset.waitFor() != 0) {
      throw new IOException("the bench cannot have processor " + cpu + " for itself: " + said);
    }
  }
}
