package parley.relay.net;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.relay.api.CallId;
import parley.relay.api.LoopTuning;
import parley.relay.api.RelayConfig;

class LoopTuningTest {

  @TempDir Path recordings;

  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsEveryLoopOnItsProcessor() throws IOException {
    int processor = allowed("self").getFirst();
    try (RunningRelay running = relay(new LoopTuning(List.of(processor), 0), UdpTransport.best())) {
      CallId call = running.open(false);
      running.join(call, "alice", 1); // so the loops run

      assertThat(allowedOfLoops())
          .isNotEmpty()
          .allMatch(allowed -> allowed.equals(List.of(processor)));
    }
  }

  @Test
  void runsOnWhereTheProcessorIsNone() {
    try (RunningRelay running = relay(new LoopTuning(List.of(1_000_000), 0), UdpTransport.best())) {
      running.join(running.open(false), "alice", 1);
    }
  }

  @ParameterizedTest
  @EnumSource(UdpTransport.class)
  void carriesCallsWhileItPolls(UdpTransport transport) {
    try (RunningRelay running = relay(new LoopTuning(List.of(), 100), transport)) {
      CallId call = running.open(false);
      running.join(call, "alice", 1);
      running.join(call, "bob", 1);
    }
  }

  private RunningRelay relay(LoopTuning tuning, UdpTransport transport) {
    RelayConfig config = RunningRelay.config(recordings).with(tuning);
    return new RunningRelay(config, transport);
  }

  /** Of the threads that are there now. */
  private static List<List<Integer>> allowedOfLoops() throws IOException {
    List<List<Integer>> found = new ArrayList<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).startsWith("media-loop")) {
          found.add(allowed("self/task/" + thread.getFileName()));
        }
      }
    }
    return found;
  }

  /** Of proc(5)'s {@code Cpus_allowed_list}, such as {@code 0-3,8}: each. */
  private static List<Integer> allowed(String process) throws IOException {
    String key = "Cpus_allowed_list:";
    String list =
        Files.readAllLines(Path.of("/proc", process, "status")).stream()
            .filter(line -> line.startsWith(key))
            .map(line -> line.substring(key.length()).strip())
            .findFirst()
            .orElseThrow();
    List<Integer> processors = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
        processors.add(i);
      }
    }
    return processors;
  }
}
