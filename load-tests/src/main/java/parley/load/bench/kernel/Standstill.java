package parley.load.bench.kernel;

import java.io.IOException;
import java.util.List;

/**
 * Processes that stand still (SIGSTOP) until this is closed: what they would do by themselves is no
 * load for others.
 */
public final class Standstill implements AutoCloseable {

  private final List<Long> pids;

  private Standstill(List<Long> pids) {
    this.pids = List.copyOf(pids);
  }

  /** Of these. */
  public static Standstill of(List<Long> pids) throws IOException, InterruptedException {
    signal("-STOP", pids);
    return new Standstill(pids);
  }

  private static void signal(String name, List<Long> pids)
      throws IOException, InterruptedException {
    for (long pid : pids) {
      int _ = new ProcessBuilder("kill", name, Long.toString(pid)).inheritIO().start().waitFor();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    signal("-CONT", pids);
  }
}
