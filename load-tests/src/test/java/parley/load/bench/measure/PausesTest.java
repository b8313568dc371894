package parley.load.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {

  @Test
  void addsUpWhatTheJvmLogs() {
    assertThat(
            Pauses.parse(
                List.of(
                    "[0.9s][info][safepoint] Safepoint \"ZMarkStartYoung\", Time since last: 1 ns,"
                        + " Reaching safepoint: 900 ns, Cleanup: 0 ns, At safepoint: 5 ns, Total:"
                        + " 1500 ns, Threads: 2 runnable",
                    "something else",
                    "[1.2s][info][safepoint] Safepoint \"Cleanup\", Time since last: 3 ns, Total:"
                        + " 500 ns")))
        .isEqualTo(new Pauses(2, 1500, 2000));
  }
}
