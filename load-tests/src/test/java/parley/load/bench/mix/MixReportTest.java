package parley.load.bench.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MixReportTest {

  @Test
  void aQuarterOfTheOtherIsEnough() {
    MixReport report = report(1, turn(10, 40), turn(10, 200));
    assertThat(report.missed()).isNull();
    assertThat(report.table())
        .contains("10 people with one section")
        .contains("parley / janus: CPU 0.200 (0.200–0.200)")
        .contains("10 of 10");
  }

  @Test
  void moreThanAQuarterMisses() {
    assertThat(report(1, turn(10, 60), turn(10, 200)).missed()).contains("0.30 of janus");
  }

  @Test
  void whoeverHearsSomethingElseMisses() {
    assertThat(report(1, turn(9, 40), turn(10, 200)).missed()).contains("not everybody heard");
  }

  @Test
  void saysOfHowManyRoomsItSpeaks() {
    MixReport report = report(5, turn(10, 60), turn(10, 200));
    assertThat(report.table()).contains("5 rooms of 10 people with one section");
    assertThat(report.missed()).contains("5 rooms of 10 people: 0.30 of janus");
  }

  private static MixReport report(int rooms, MixTurn parley, MixTurn janus) {
    return new MixReport(
        rooms,
        10,
        3,
        List.of(
            new MixBench.Result("parley", "this", List.of(parley, parley), 0, 1 << 20),
            new MixBench.Result("janus", "that", List.of(janus, janus), 1, 1 << 20)));
  }

  private static MixTurn turn(int contented, int cpuMs) {
    return new MixTurn(10, contented, cpuMs * 1_000_000L, 0, 1_000_000_000L, 0, 500, 0);
  }
}
