package parley.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import parley.load.bench.measure.Measured;
import parley.load.bench.measure.Turn;
import parley.load.bench.media.LocalAddress;
import parley.load.bench.media.Swarm;
import parley.load.bench.server.Shape;

/** The bench itself, small: not what it measures, but that it counts. */
@EnabledOnOs(OS.LINUX)
class ForwardBenchTest {

  @TempDir private Path folder;

  @Test
  void countsEveryPacketThroughParleyAndThroughTheFloor() throws Exception {
    Shape shape = Shape.parse("1x3/2");
    Plan plan = new Plan(List.of("parley", "floor"), 1, 0.5, 0.2, false, 50, -1, null, line -> {});
    try (Swarm swarm = new Swarm(LocalAddress.find())) {
      List<Measured> results = new ForwardBench(plan, swarm, folder).run(shape);
      assertThat(results).extracting(Measured::server).containsExactly("parley", "floor");
      for (Measured measured : results) {
        assertThat(measured.turns())
            .as(measured.server())
            .singleElement()
            .satisfies(
                turn -> {
                  // 25 packets of each talker; one hears two, two hear one.
                  assertThat(turn.expected()).isEqualTo(100);
                  assertThat(turn.heard()).isEqualTo(100);
                  assertThat(turn).returns(true, Turn::isExact);
                  assertThat(turn.p50Ns()).isPositive().isLessThanOrEqualTo(turn.p999Ns());
                });
      }
      assertThat(results).extracting(Measured::srtp).containsExactly("AEAD_AES_128_GCM", "none");
      ForwardReport report = new ForwardReport(shape, results);
      assertThat(report.isExact()).isTrue();
      assertThat(report.table()).contains("1x3/2: 3 participants, 200 packets/s out", "parley /");
      assertThat(report.bars()).extracting(Bar::what).contains("1x3/2: packets lost, %");
    }
  }
}
