package parley.load.bench.record;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import parley.load.bench.Bar;
import parley.load.bench.BenchFolder;
import parley.load.bench.TwoProcessors;
import parley.load.bench.media.LocalAddress;
import parley.load.bench.media.Swarm;
import parley.load.bench.server.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench record}. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    description = {
      "Recording: in one process, rooms that are recorded take turns with rooms that are not;"
          + " beside them Janus does the same with its own recorder, whose files are made into"
          + " tracks afterwards.%n",
      "Exit code: 0; 1 if Parley lost a packet on its way or in a recording or, with --bars, missed"
          + " a bar."
    })
public final class RecordCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      defaultValue = "20x10/3",
      description = "Recorded rooms x people / talkers (default: ${DEFAULT-VALUE}).")
  private String shape = "";

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "5",
      description = "Turns of each (default: ${DEFAULT-VALUE}).")
  private int turns;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description = "Length of a turn (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "20",
      description = "How long each server works before that (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(names = "--alone", description = "Parley only.")
  private boolean alone;

  @Option(names = "--bars", description = "Compare with the bars; exit 1 if one is missed.")
  private boolean bars;

  @Mixin private TwoProcessors processors = new TwoProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Shape rooms;
    try {
      rooms = Shape.parse(shape);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    processors.separate();
    try (BenchFolder folder = BenchFolder.create();
        Swarm swarm = new Swarm(LocalAddress.find())) {
      RecordBench.Plan plan =
          new RecordBench.Plan(
              rooms, turns, seconds, warmUp, !alone, processors.servers(), System.out::println);
      RecordReport report =
          new RecordReport(rooms, new RecordBench(plan, swarm, folder.path()).run());
      System.out.print(report.table());
      boolean good = report.isExact();
      if (bars) {
        List<Bar> judged = report.bars();
        judged.forEach(bar -> System.out.println(bar.text()));
        good &= judged.stream().allMatch(Bar::met);
      }
      return good ? 0 : 1;
    }
  }
}
