package parley.load.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ClusterModelTest {

  /** Round numbers: a node carries 100 people in 50 calls, and 1000 sockets; 10 come a second. */
  private static final String ROUND =
      """
      {"processors": 1, "busy": 1, "packet_cpu": 0, "join_cpu": 100000, "call_length": 10,
       "people": 2, "sockets": 10, "socket_life": 20000, "away": 0, "changes": 4,
       "said": 10, "told": 20, "lease": 3000, "lease_writes": 1000, "lease_write": 2,
       "message_read": 200, "message_written": 300, "status_read": 1000, "client_event": 100,
       "nats_delivery": 10, "nats_processors": 1, "nats_servers": 1, "nats_hop": 1, "set_up": 50,
       "socket_bytes": 100, "device_bytes": 1000, "heap": 1000000, "team_nodes": 2, "cell": 10}
      """;

  @TempDir private Path folder;

  private ClusterModel model(String figures) throws IOException {
    return new ClusterModel(Figures.usual().with(file(figures)));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("figures.json"), text);
  }

  @Test
  void aNodeCarriesWhatItsProcessorsBear() throws IOException {
    // 8 × 0.6 processors; 50 × 1.2 × ¾ packets a second of 12.29 µs, and 7.6 ms in 600 s.
    var model = new ClusterModel(Figures.usual());
    assertThat(model.peopleOfANode()).isCloseTo(4.8 / (45 * 12.29e-6 + 0.0076 / 600), within(1e-6));
  }

  @Test
  void threeNodesTellEachOtherWhatCanBeCountedByHand() throws IOException {
    Load load = model(ROUND).of(3, Design.EVERYBODY);

    // News: 1000 × 2/20000 of sockets, 10 × 4 of calls, to 2 nodes each. One of two people in a
    // call sits elsewhere in two of three cases: 10 × (10 + 20) / 3 events cross. 25
    // acknowledgements a second to each, and one sign of life from each.
    double messages = 40.1 * 2 + 100;
    assertThat(load.people()).isCloseTo(300, within(1e-9));
    assertThat(load.busMessages()).isCloseTo(3 * (messages + 50 + 2), within(1e-6));
    assertThat(load.leaseWrites()).isCloseTo(3 * (1 + 5 * 2), within(1e-9));
    assertThat(load.leaseShare()).isCloseTo(0.033, within(1e-9));
    assertThat(load.heapShare()).isCloseTo(2 * (1000 * 100 + 100 * 1000) / 1e6, within(1e-9));
    assertThat(load.natsShare()).isCloseTo(3 * (messages + 52) * 10e-6, within(1e-9));
    double talk = (messages + 50) * 500e-6 + 2 * 1000e-6;
    assertThat(load.talkShare()).isCloseTo(talk / (1 + talk), within(1e-9));
    assertThat(load.threadShare())
        .isCloseTo(talk + (10 * 30 + 1000 / 20000.0) * 100e-6, within(1e-9));
  }

  @Test
  void setUpWaitsForTheThreadTheBucketAndTheBus() throws IOException {
    Load load = model(ROUND).of(3, Design.EVERYBODY);

    double elsewhere = 1 / 3.0;
    double expected =
        50
            + (1 + elsewhere) * 0.1 / (1 - load.threadShare())
            + 2 / (1 - load.leaseShare()) / 2
            + 2 * elsewhere / (1 - load.natsShare());
    assertThat(load.setUpMs()).isCloseTo(expected, within(1e-9));
    assertThat(ClusterModel.waitMs(1, 1)).isInfinite();
  }

  @Test
  void aNodeAloneTellsNobody() throws IOException {
    for (Design design : Design.values()) {
      Load load = model(ROUND).of(1, design);
      assertThat(load.busMessages()).isZero();
      assertThat(load.leaseWrites()).isZero();
      assertThat(load.subjects()).isZero();
      assertThat(load.heapShare()).isZero();
      assertThat(load.recoveryS()).isZero();
    }
  }

  @Test
  void everybodyToldGrowsWithTheSquareAndATeamToldDoesNot() throws IOException {
    ClusterModel model = model(ROUND);
    double fourTimes =
        model.of(2_000, Design.EVERYBODY).busMessages()
            / model.of(1_000, Design.EVERYBODY).busMessages();
    assertThat(fourTimes).isCloseTo(4, within(0.01));
    assertThat(model.of(1_000, Design.BY_TEAM).heapShare())
        .isEqualTo(model.of(2, Design.BY_TEAM).heapShare());
  }

  @Test
  void aCellIsAsBusyHoweverManyThereAre() throws IOException {
    ClusterModel model = model(ROUND);
    Load one = model.of(10, Design.CELLS);
    Load ten = model.of(100, Design.CELLS);
    assertThat(ten.leaseShare()).isCloseTo(one.leaseShare(), within(1e-9));
    // Of nine other cells one sign of life each a second is heard: the only thing that grows.
    assertThat(ten.natsShare()).isCloseTo(one.natsShare() + 10 * 9 * 10e-6, within(1e-9));
  }

  @Test
  void findsTheFewestNodesThatReachALimit() throws IOException {
    ClusterModel model = model(ROUND);
    for (Design design : Design.values()) {
      for (Limit limit : Limit.values()) {
        var first =
            IntStream.rangeClosed(1, 2_000)
                .filter(nodes -> limit.isReached(model.of(nodes, design)))
                .boxed()
                .findFirst();
        assertThat(limit.reachedWith(model, design, 2_000)).isEqualTo(first);
      }
    }
    assertThat(Limit.LEASES.reachedWith(model, Design.EVERYBODY, 2_000)).contains(64);
  }

  @Test
  void namesAFigureThatItDoesNotKnow() throws IOException {
    Figures usual = Figures.usual();
    Path wrong = file("{\"procesors\": 4}");
    assertThatThrownBy(() -> usual.with(wrong)).hasMessageContainingAll("procesors", "processors");
    Path text = file("{\"processors\": \"many\"}");
    assertThatThrownBy(() -> usual.with(text)).hasMessageContaining("a number");
  }

  @Test
  void takesTheMedianTurnOfAForwardBench() throws IOException {
    String turn =
        """
        {"expected": 100, "heard": 100, "wrong": 0, "listenersShort": 0, "userNs": %d,
         "systemNs": 200000, "windowNs": 1, "otherNs": 0, "p50Ns": 500000, "p99Ns": 4000000,
         "p999Ns": 1, "generatorBusyNs": 1, "generatorLateNs": 0}
        """;
    String turns =
        String.join(",", turn.formatted(300_000), turn.formatted(900_000), turn.formatted(400_000));
    String bench =
        "{\"machine\": \"two cores\", \"44x10/2\": [{\"server\": \"janus\", \"turns\": []},"
            + " {\"server\": \"parley\", \"turns\": ["
            + turns
            + "]}]}";

    Figures figures = Figures.usual().with(file(bench));

    assertThat(figures.get(Quantity.PACKET_CPU)).isCloseTo(6, within(1e-9));
    assertThat(figures.get(Quantity.FORWARD_P99)).isCloseTo(4, within(1e-9));
    assertThat(figures.figure(Quantity.PACKET_CPU).source()).contains("two cores");
  }

  @Test
  void everyFigureSaysWhereItComesFrom() throws IOException {
    Figures usual = Figures.usual();
    for (Quantity each : Quantity.values()) {
      assertThat(usual.figure(each).source()).as(each.key()).isNotBlank();
    }
  }

  @Test
  void printsATableForEachDesignAndWhatBreaksFirst() throws IOException {
    Figures figures = Figures.usual().with(file(ROUND));
    String text = new ModelTable(new ClusterModel(figures), figures, 1_000).text();
    assertThat(text).contains("| 1,000 |", "\n1. With ", "| `packet_cpu` |", "**As it is built");
  }

  @Test
  void drawsCurvesThatABrowserCanRead() throws Exception {
    Path svg = folder.resolve("model.svg");
    int exit =
        new CommandLine(new ModelCommand()).execute("--nodes", "100", "--svg", svg.toString());
    assertThat(exit).isZero();
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(Files.readString(svg).getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(18);
  }
}
