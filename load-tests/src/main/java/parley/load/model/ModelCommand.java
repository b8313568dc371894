package parley.load.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.load.bench.BenchFolder;
import parley.load.chaos.NatsProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley model}. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = {
      "Calculates what a cluster comes to, from one node to many: messages and leases, CPU,"
          + " latency, cost; as it is built, and with what would come after it. Says what breaks"
          + " first. Every figure that it stands on is printed with its source, and can be"
          + " changed."
    })
public final class ModelCommand implements Callable<Integer> {

  private static final int MOST_NODES = 1_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      defaultValue = "10000",
      paramLabel = "N",
      description = "Up to so many; default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--figures",
      paramLabel = "FILE",
      description =
          "JSON with other figures: {\"processors\": 16, …}, or what bench forward --json wrote.")
  private @Nullable Path file;

  @Option(
      names = "--measure",
      description =
          "First measure on this machine what messages and leases cost, with a NATS server of its"
              + " own (load-tests/install-clients nats_server): half a minute.")
  private boolean measure;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw the curves there.")
  private @Nullable Path svg;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw wrong("--nodes: right would be 1 to " + MOST_NODES);
    }
    Figures figures = Figures.usual();
    if (measure) {
      if (!NatsProcess.isInstalled()) {
        throw wrong("there is no nats-server; load-tests/install-clients nats_server installs it");
      }
      try (BenchFolder folder = BenchFolder.create()) {
        figures = new BusMeasure().over(figures, folder.path());
      }
    }
    if (file != null) {
      try {
        figures = figures.with(file);
      } catch (IOException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    var model = new ClusterModel(figures);
    System.out.print(new ModelTable(model, figures, nodes).text());
    if (svg != null) {
      Files.writeString(svg, new ModelPlot(model, nodes).svg());
    }
    return 0;
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
