package parley.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.load.bench.kernel.ReceivingProcessor;
import parley.load.bench.measure.Measured;
import parley.load.bench.media.LocalAddress;
import parley.load.bench.media.Swarm;
import parley.load.bench.server.ParleyServer;
import parley.load.bench.server.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench forward}. */
@Command(
    name = "forward",
    mixinStandardHelpOptions = true,
    description = {
      "Forwarding: participants with real ICE, DTLS and SRTP call each server and talk; every"
          + " packet is counted where it arrives, after decryption.%n",
      "Servers run on one processor and the generator on another; they take turns, so that whatever"
          + " else the machine does meets all of them. The floor is a program that receives and"
          + " sends the same packets and does nothing else.%n",
      "Exit code: 0; 1 if Parley lost or changed a packet or, with --bars, missed a bar."
    })
final class ForwardCommand implements Callable<Integer> {

  private static final List<String> PEERS = List.of("janus", "none");
  private static final List<String> FULL =
      List.of("1x30", "44x10/2", "100x10/2", "500x2", "1x1000/2");
  private static final List<String> QUICK = List.of("1x30", "10x10/2", "50x2", "1x100/2");

  @Spec private CommandSpec spec;

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description = "Servers beside Parley: janus (default: ${DEFAULT-VALUE}); none: no other.",
      defaultValue = "janus")
  private List<String> peers = List.of();

  @Option(
      names = "--shapes",
      split = ",",
      paramLabel = "SHAPE",
      description =
          "Rooms x people / talkers, like 100x10/2; all talk when left out. Default: 1x30, 44x10/2,"
              + " 100x10/2, 500x2, 1x1000/2.")
  private List<String> shapes = List.of();

  @Option(names = "--quick", description = "Smaller shapes, shorter turns: a few minutes in all.")
  private boolean quick;

  @Option(names = "--turns", paramLabel = "N", description = "Turns of each server (default: 5).")
  private int turns;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Length of a turn (default: 6; 3 with --quick).")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      description = "Length of each server's first turn, which does not count (default: 15; 8).")
  private double warmUp;

  @Option(
      names = "--most",
      description = "Also search for the most packets a second that arrive without loss.")
  private boolean most;

  @Option(
      names = "--joins",
      paramLabel = "N",
      defaultValue = "50",
      description = "Participants that come each second (default: ${DEFAULT-VALUE}).")
  private int joins;

  @Option(names = "--bars", description = "Compare with the bars; exit 1 if one is missed.")
  private boolean bars;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all that was measured there.")
  private @Nullable Path json;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw CPU a packet and latency there.")
  private @Nullable Path svg;

  @Option(
      names = "--receivers-apart",
      description =
          "Have the kernel do the receivers' part of sending on the generator's processor, as if"
              + " they were on another machine; takes root, and changes a setting of the loopback"
              + " device meanwhile.")
  private boolean receiversApart;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "After the turns sample where Parley spends its time, kernel included, print it by stage,"
              + " and draw a flame graph there; of several shapes, the last.")
  private @Nullable Path profile;

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
    Map<Shape, List<Measured>> results = new LinkedHashMap<>();
    try (BenchFolder folder = BenchFolder.create();
        @Nullable ReceivingProcessor _ =
            receiversApart ? ReceivingProcessor.use(processors.generator()) : null;
        Swarm swarm = new Swarm(LocalAddress.find())) {
      ForwardBench bench = new ForwardBench(plan(), swarm, folder.path());
      for (Shape shape : shapes()) {
        List<Measured> measured = bench.run(shape);
        results.put(shape, measured);
        System.out.print(new ForwardReport(shape, measured).table());
      }
    }
    if (json != null) {
      write(results, json);
    }
    if (svg != null) {
      Files.writeString(svg, new ForwardPlot(results).svg());
    }
    return verdict(results);
  }

  private int verdict(Map<Shape, List<Measured>> results) {
    boolean good = true;
    for (Map.Entry<Shape, List<Measured>> shape : results.entrySet()) {
      ForwardReport report = new ForwardReport(shape.getKey(), shape.getValue());
      good &= report.isExact();
      if (bars) {
        List<Bar> judged = report.bars();
        judged.forEach(bar -> System.out.println(bar.text()));
        good &= judged.stream().allMatch(Bar::met);
      }
    }
    return good ? 0 : 1;
  }

  private Plan plan() {
    List<String> servers = new ArrayList<>(List.of("parley"));
    peers.stream().filter(peer -> !peer.equals("none")).forEach(servers::add);
    servers.add("floor");
    return new Plan(
        servers,
        turns > 0 ? turns : 5,
        seconds > 0 ? seconds : quick ? 3 : 6,
        warmUp > 0 ? warmUp : quick ? 8 : 15,
        most,
        joins,
        processors.servers(),
        profile,
        System.out::println);
  }

  private List<Shape> shapes() {
    List<String> wanted = shapes.isEmpty() ? quick ? QUICK : FULL : shapes;
    try {
      return wanted.stream()
          .map(text -> Shape.parse(text).hearing(ParleyServer.MOST_HEARD))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void write(Map<Shape, List<Measured>> results, Path file) throws IOException {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", Machine.describe());
    results.forEach((shape, measured) -> document.put(shape.toString(), measured));
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document);
  }
}
