package parley.load.bench.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import parley.load.bench.Bar;
import parley.load.bench.measure.Turn;

/** The bench itself, small: not what it measures, but that it counts. */
@EnabledOnOs(OS.LINUX)
class TurnBenchTest {

  @TempDir private Path folder;

  @Test
  void countsEveryPacketOnEveryWay() throws Exception {
    var plan =
        new TurnPlan(
            EnumSet.of(Figure.ALLOCATIONS, Figure.RELAYING),
            List.of("parley", "own media", "floor"),
            Arrays.asList(Way.values()),
            List.of(1_000),
            1,
            0.4,
            0.1,
            20,
            -1,
            line -> {});
    List<Standing> standings;
    List<Relayed> relayed = new ArrayList<>();
    try (var bench = new TurnBench(plan, folder)) {
      bench.start();
      bench.relaying(relayed::add);
      standings = bench.standings();
    }
    assertThat(standings)
        .extracting(Standing::server)
        .containsExactly("parley", "own media", "floor");
    assertThat(standings.getFirst().allocationsPerSecond()).containsOnlyKeys(1, 8, 64);
    assertThat(relayed)
        .extracting(Relayed::way)
        .containsExactly(
            Way.CHANNEL_TO_PEER, // of two servers
            Way.CHANNEL_TO_PEER,
            Way.CHANNEL_TO_CLIENT,
            Way.SEND_INDICATION,
            Way.DATA_INDICATION,
            Way.TO_OWN_MEDIA);
    for (Relayed each : relayed) {
      Turn turn = each.turns().getFirst();
      assertThat(turn.expected()).isBetween(300L, 500L);
      assertThat(turn).as(each.way().text()).returns(true, Turn::isExact);
    }
    var report = new TurnReport(standings, relayed);
    assertThat(report.isExact()).isTrue();
    assertThat(report.table()).contains("send indication", "generator: busy");
    assertThat(report.bars()).extracting(Bar::what).containsExactly("KB an allocation");
  }
}
