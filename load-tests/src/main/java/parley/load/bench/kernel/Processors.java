package parley.load.bench.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Keeps processes on processors of their own, by taskset(1). Not by priority as well: what Linux
 * does for the network beside them, at ordinary priority (ksoftirqd), would have to wait for them,
 * and packets would be lost.
 */
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
    try {
      run(List.of("taskset", "-acp", Integer.toString(cpu), Long.toString(pid)));
    } catch (IOException e) {
      throw new IOException("the bench cannot have processor " + cpu + " for itself", e);
    }
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(command.getFirst() + " is missing (Debian's package util-linux)", e);
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }
}
