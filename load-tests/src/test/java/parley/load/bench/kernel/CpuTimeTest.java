package parley.load.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuTimeTest {

  @Test
  void readsAProcessWhateverItsNameIs() {
    String stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 10 0 0 0 7 5 0 0 20 0 9 0 100 1 1";
    assertThat(CpuTime.parseProcess(stat)).isEqualTo(new CpuTime(70_000_000, 50_000_000));
  }

  @Test
  void tellsAJvmsCompilersFromItsOtherThreads() {
    assertThat(CompilerTime.isCompiler("7 (C2 CompilerThre) S 1 42")).isTrue();
    assertThat(CompilerTime.isCompiler("7 (C1 CompilerThre) S 1 42")).isTrue();
    assertThat(CompilerTime.isCompiler("7 (media-loop-0-1) S 1 42")).isFalse();
  }

  @Test
  void countsAllThatAProcessorDidNotSpendIdle() {
    List<String> stat =
        List.of(
            "cpu  9 9 9 9 9 9 9 9 0 0", "cpu0 1 2 4 1000 1000 8 16 32 0 0", "cpu10 9 9 9 9 9 9");
    assertThat(CpuTime.parseProcessor(stat, 0)).isEqualTo(new CpuTime(30_000_000, 600_000_000));
  }

  @Test
  void saysThatAProcessorIsMissing() {
    assertThatThrownBy(() -> CpuTime.parseProcessor(List.of("cpu0 1 1 1 1 1 1 1 1 1 1"), 1))
        .hasMessageContaining("no processor 1");
  }
}
