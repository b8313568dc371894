package parley.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import parley.load.bench.measure.Measured;
import parley.load.bench.measure.Turn;
import parley.load.bench.server.Shape;

class ForwardReportTest {

  private static final Shape SHAPE = Shape.parse("1x30");

  @Test
  void comparesParleyWithEachOther() {
    String table = report(turn(1000, 2), turn(1000, 8)).table();
    assertThat(table).contains("parley / janus: CPU 0.25 (0.25–0.25), p99 1.00");
    assertThat(table).contains("1x30/30: 30 participants, 43500 packets/s out");
  }

  @Test
  void judgesWhatTheShapeCanShow() {
    assertThat(report(turn(1000, 2), turn(1000, 8)).bars())
        .filteredOn(bar -> bar.what().endsWith("CPU / janus"))
        .singleElement()
        .satisfies(bar -> assertThat(bar.met()).isTrue());
    assertThat(report(turn(1000, 3), turn(1000, 8)).bars())
        .filteredOn(bar -> bar.what().endsWith("CPU / janus"))
        .singleElement()
        .satisfies(bar -> assertThat(bar.text()).startsWith("MISSED").contains("0.38"));
  }

  @Test
  void failsParleyThatDropsAPacketAndSaysWhoDid() {
    ForwardReport lossy = report(turn(999, 2), turn(1000, 8));
    assertThat(lossy.isExact()).isFalse();
    assertThat(lossy.table()).contains("parley: 999 of 1000 packets arrived");
    ForwardReport other = report(turn(1000, 2), turn(500, 8));
    assertThat(other.isExact()).isTrue();
    assertThat(other.table()).contains("janus: 500 of 1000 packets arrived");
  }

  @Test
  void drawsABarForEachServer() throws Exception {
    String svg =
        new ForwardPlot(
                Map.of(
                    SHAPE,
                    List.of(measured("parley", turn(1000, 2)), measured("janus", turn(1000, 8)))))
            .svg();
    Document drawn =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(drawn.getElementsByTagName("rect").getLength()).isEqualTo(1 + 2 * 2 * 2);
    assertThat(svg).contains(">janus<").contains(">8.00<");
  }

  private static ForwardReport report(Turn parley, Turn janus) {
    return new ForwardReport(SHAPE, List.of(measured("parley", parley), measured("janus", janus)));
  }

  private static Measured measured(String server, Turn turn) {
    return new Measured(
        server,
        server + " 1.0",
        "none",
        30,
        Collections.nCopies(5, turn),
        0,
        1 << 20,
        3 << 20,
        1,
        2,
        50,
        0,
        false,
        null);
  }

  /**
   * @param cpuUs of each packet
   */
  private static Turn turn(long heard, long cpuUs) {
    long ns = heard * cpuUs * 500;
    return new Turn(
        1000,
        heard,
        0,
        heard == 1000 ? 0 : 1,
        ns,
        ns,
        1_000_000_000L,
        0,
        1_000,
        2_000,
        3_000,
        0,
        0);
  }
}
