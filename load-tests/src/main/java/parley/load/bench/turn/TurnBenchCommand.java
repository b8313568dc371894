package parley.load.bench.turn;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.load.bench.Bar;
import parley.load.bench.BenchFolder;
import parley.load.bench.Machine;
import parley.load.bench.TwoProcessors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench turn}. */
@Command(
    name = "turn",
    mixinStandardHelpOptions = true,
    description = {
      "TURN: clients allocate at each server and exchange packets of 200 bytes with a peer, 50 a"
          + " second each; every packet is counted where it arrives, and compared.%n",
      "Servers run on one processor and the generator on another; they take turns, so that whatever"
          + " else the machine does meets all of them. The floor is a program that receives and"
          + " sends the same packets on one socket and does nothing else.%n",
      "Exit code: 0; 1 if Parley lost or changed a packet or, with --bars, missed a bar."
    })
public final class TurnBenchCommand implements Callable<Integer> {

  private static final List<String> PEERS = List.of("coturn", "none");

  @Spec private CommandSpec spec;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description = "Servers beside Parley: coturn (default: ${DEFAULT-VALUE}); none: no other.",
      defaultValue = "coturn")
  private List<String> peers = List.of();

  @Option(
      names = "--ways",
      split = ",",
      paramLabel = "WAY",
      description = "Which ways packets go: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Way> ways = List.of();

  @Option(
      names = "--rates",
      split = ",",
      paramLabel = "N",
      description = "Packets a second (default: 20000,50000,100000; 50000 with --quick).")
  private List<Integer> rates = List.of();

  @Option(names = "--quick", description = "One rate, shorter turns: two minutes in all.")
  private boolean quick;

  @Option(names = "--turns", paramLabel = "N", description = "Turns of each (default: 5; 3).")
  private int turns;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Length of a turn (default: 3; 1.5 with --quick).")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      description =
          "The most that a server is given to get warm, for each way and rate (default: 20; 10)."
              + " It is less when its JVM compiles nothing any more.")
  private double warmUp;

  @Option(
      names = "--allocations",
      paramLabel = "N",
      defaultValue = "4000",
      description = "Clients of each server (default: ${DEFAULT-VALUE}).")
  private int allocations;

  @Option(
      names = "--figures",
      split = ",",
      paramLabel = "FIGURE",
      description = {
        "What to measure: ${COMPLETION-CANDIDATES} (default: ALLOCATIONS and RELAYING). MOST"
            + " searches for the most packets a second without loss."
      })
  private List<Figure> figures = List.of();

  @Option(names = "--bars", description = "Compare with the bars; exit 1 if one is missed.")
  private boolean bars;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all that was measured there.")
  private @Nullable Path json;

  @Mixin private TwoProcessors processors = new TwoProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (String peer : peers) {
      if (!PEERS.contains(peer)) {
        throw new ParameterException(
            spec.commandLine(),
            "\"" + peer + "\" is no peer the bench knows; right would be " + PEERS);
      }
    }
    processors.separate();
    List<Standing> standings;
    List<Relayed> relayed = new ArrayList<>();
    try (BenchFolder folder = BenchFolder.create();
        TurnBench bench = new TurnBench(plan(), folder.path())) {
      bench.start();
      bench.relaying(relayed::add);
      standings = bench.standings();
    } catch (IOException e) {
      System.out.print(new TurnReport(List.of(), relayed).table());
      System.err.println("That is all that was measured: " + e.getMessage());
      return 1;
    }
    var report = new TurnReport(standings, relayed);
    System.out.print(report.table());
    if (json != null) {
      write(standings, relayed, json);
    }
    boolean good = report.isExact();
    if (bars) {
      List<Bar> judged = report.bars();
      judged.forEach(bar -> System.out.println(bar.text()));
      good &= judged.stream().allMatch(Bar::met);
    }
    return good ? 0 : 1;
  }

  private TurnPlan plan() {
    List<Way> chosen = ways.isEmpty() ? Arrays.asList(Way.values()) : ways;
    List<String> servers = new ArrayList<>(List.of("parley"));
    peers.stream().filter(peer -> !peer.equals("none")).forEach(servers::add);
    if (chosen.contains(Way.TO_OWN_MEDIA)) {
      servers.add("own media");
    }
    if (chosen.contains(Way.CHANNEL_TO_PEER)) {
      servers.add("floor");
    }
    return new TurnPlan(
        figures.isEmpty()
            ? EnumSet.of(Figure.ALLOCATIONS, Figure.RELAYING)
            : EnumSet.copyOf(figures),
        servers,
        chosen,
        rates.isEmpty() ? quick ? List.of(50_000) : List.of(20_000, 50_000, 100_000) : rates,
        turns > 0 ? turns : quick ? 3 : 5,
        seconds > 0 ? seconds : quick ? 1.5 : 3,
        warmUp > 0 ? warmUp : quick ? 10 : 20,
        allocations,
        processors.servers(),
        System.out::println);
  }

  private static void write(List<Standing> standings, List<Relayed> relayed, Path file)
      throws IOException {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", Machine.describe());
    document.put("servers", standings);
    document.put("relayed", relayed);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document);
  }
}
