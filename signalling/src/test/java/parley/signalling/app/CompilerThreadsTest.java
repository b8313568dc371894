package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class CompilerThreadsTest {

  /** In the fields behind the name (proc(5)): the nineteenth of all. */
  private static final int NICE = 16;

  @Test
  void giveWayToWhoeverElseHasWork() throws IOException {
    CompilerThreads.giveWay();

    assertThat(niceOf("C2 CompilerThre")).isNotEmpty().allMatch(nice -> nice >= 5);
  }

  private static List<Integer> niceOf(String name) throws IOException {
    List<Integer> found = new ArrayList<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.contains("(" + name)) {
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
          found.add(Integer.parseInt(fields[NICE]));
        }
      }
    }
    return found;
  }
}
