package parley.load.bench.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import parley.load.bench.Bar;
import parley.load.bench.measure.Turn;
import parley.load.bench.server.Shape;

class RecordReportTest {

  private static final Shape SHAPE = Shape.parse("10x10/3");

  @Test
  void countsCallsByWhatOneTakes() {
    // 100 people for a second: 0.2 s of CPU are 20 ms a call, 50 calls a core.
    RecordBench.Result parley = result("parley", turn(200, 1.0), turn(200, 1.0), 0, true);

    assertThat(new RecordReport(SHAPE, List.of(parley)).table())
        .containsPattern(" recorded .* 50\n");
  }

  @Test
  void addsWhatIsDoneAfterwards() {
    RecordBench.Result parley = result("parley", turn(100, 1.0), turn(100, 1.0), 0, true);
    RecordBench.Result janus = result("janus", turn(400, 1.0), turn(400, 1.0), 60e6, true);

    // 100 calls against 1 / (40 ms + 60 ms) = 10
    assertThat(new RecordReport(SHAPE, List.of(parley, janus)).table())
        .contains("recorded calls a core, parley / janus: 10.00");
  }

  @Test
  void missesTheBarsWhenRecordingCosts() {
    RecordBench.Result parley = result("parley", turn(100, 1.0), turn(108, 1.5), 0, true);

    assertThat(new RecordReport(SHAPE, List.of(parley)).bars()).noneMatch(Bar::met);
  }

  @Test
  void isNotExactWhenATrackLacksSomething() {
    RecordBench.Result parley = result("parley", turn(100, 1.0), turn(100, 1.0), 0, false);

    assertThat(new RecordReport(SHAPE, List.of(parley)).isExact()).isFalse();
  }

  private static RecordBench.Result result(
      String server, Turn off, Turn on, double processingNs, boolean complete) {
    return new RecordBench.Result(
        server, "1", List.of(off), List.of(on), 0, processingNs, complete);
  }

  private static Turn turn(long cpuMs, double p99Ms) {
    long second = 1_000_000_000L;
    return new Turn(
        1000, 1000, 0, 0, cpuMs * 1_000_000, 0, second, 0, 0, (long) (p99Ms * 1e6), 0, 0, 0);
  }
}
