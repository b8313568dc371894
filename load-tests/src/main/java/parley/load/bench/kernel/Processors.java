package parley.load.bench.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps processes on processors of their own, by taskset(1), and before whatever else wants to run
 * there, by nice(1): who is kept waiting by others for some milliseconds has no p99 to speak of.
 */
public final class Processors {

  /** Eighty times an ordinary process' share, and not the whole of it: nothing hangs. */
  private static final String FIRST = "-19";

  private Processors() {}

  /** In front of a command, so that it runs on this processor only. */
  public static List<String> only(int cpu) {
    List<String> taskset = List.of("taskset", "-c", Integer.toString(cpu));
    if (!mayGoFirst()) {
      return taskset;
    }
    List<String> all = new ArrayList<>(List.of("nice", "-n", FIRST));
    all.addAll(taskset);
    return all;
  }

  /** It is the administrator's to allow. */
  private static boolean mayGoFirst() {
    try {
      return run(List.of("nice", "-n", FIRST, "nice")).strip().equals(FIRST);
    } catch (IOException e) {
      return false; // then it is as it was without
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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
    if (mayGoFirst()) {
      goFirst(pid);
    }
  }

  /** A thread has a priority of its own, and gives it to those that it starts. */
  private static void goFirst(long pid) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("renice", "-n", FIRST, "-p"));
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      threads.forEach(each -> command.add(each.getFileName().toString()));
    }
    try {
      run(command);
    } catch (IOException e) {
      // One has ended meanwhile; the others have it.
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          command.getFirst() + " is missing (Debian's packages util-linux and bsdutils)", e);
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said;
  }
}
