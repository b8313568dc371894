package parley.load.bench.storm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.load.bench.Bar;
import parley.load.bench.BenchFolder;
import parley.load.bench.Machine;
import parley.load.bench.TwoProcessors;
import parley.load.bench.media.LocalAddress;
import parley.load.bench.media.Swarm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley bench storm}. */
@Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    description = {
      "Getting in: many people come at once, in rooms of two, each with real ICE and DTLS (the"
          + " first come slowly and do not count: the server has just started); then"
          + " single ones come to a room in which somebody talks, and what counts is the time from"
          + " the offer to the first packet that they could decrypt. Also how long the server"
          + " itself takes to start.%n",
      "Servers run on one processor and the generator on another.%n",
      "Exit code: 0; with --bars 1 if Parley missed one."
    })
public final class StormCommand implements Callable<Integer> {

  @Option(
      names = "--joins",
      paramLabel = "N",
      defaultValue = "200",
      description = "Participants that come each second (default: ${DEFAULT-VALUE}).")
  private int joins;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "15",
      description = "For so long (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--singles",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many come one by one (default: ${DEFAULT-VALUE}).")
  private int singles;

  @Option(names = "--alone", description = "Parley only.")
  private boolean alone;

  @Option(names = "--bars", description = "Compare with the bars; exit 1 if one is missed.")
  private boolean bars;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all that was measured there.")
  private @Nullable Path json;

  @Mixin private TwoProcessors processors = new TwoProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    processors.separate();
    List<StormResult> results = new ArrayList<>();
    try (BenchFolder folder = BenchFolder.create();
        Swarm swarm = new Swarm(LocalAddress.find())) {
      StormBench.Plan plan =
          new StormBench.Plan(joins, seconds, singles, processors.servers(), System.out::println);
      StormBench bench = new StormBench(plan, swarm, folder.path());
      for (String server : alone ? List.of("parley") : List.of("parley", "janus")) {
        StormResult result = bench.run(server);
        if (result != null) {
          results.add(result);
        }
      }
    }
    System.out.println();
    System.out.println(StormResult.head());
    results.forEach(result -> System.out.println(result.row()));
    results.forEach(result -> System.out.println(result.server() + ": " + result.version()));
    if (json != null) {
      write(results, json);
    }
    if (!bars) {
      return 0;
    }
    List<Bar> judged = results.getFirst().bars();
    judged.forEach(bar -> System.out.println(bar.text()));
    return judged.stream().allMatch(Bar::met) ? 0 : 1;
  }

  private static void write(List<StormResult> results, Path file) throws IOException {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", Machine.describe());
    document.put("results", results);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document);
  }
}
