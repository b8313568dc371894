package parley.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosReportTest {

  private static Incident incident(String name, double silentMs, String... faults) {
    return new Incident(name, List.of(silentMs), 5_000, 1, 0, 0, List.of(faults));
  }

  @Test
  void putsAllIncidentsOfAFaultIntoOneLine() {
    var report =
        new ChaosReport(
            List.of(incident("owner", 100), incident("drain", 40), incident("owner", 300)));
    assertThat(report.isGood()).isTrue();
    assertThat(report.table()).hasSize(4);
    assertThat(report.table().get(2).split(" +"))
        .containsExactly("owner", "2", "100", "300", "5000", "2", "0", "0", "0");
  }

  @Test
  void isNotGoodWhenSomethingDidNotHeal() {
    var report = new ChaosReport(List.of(incident("nats", 0, "person 1 is in another call")));
    assertThat(report.isGood()).isFalse();
    assertThat(report.table().getLast()).endsWith("1");
  }
}
