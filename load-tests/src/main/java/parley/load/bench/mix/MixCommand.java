package parley.load.bench.mix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.load.bench.BenchFolder;
import parley.load.bench.TwoProcessors;
import parley.load.bench.media.LocalAddress;
import parley.load.bench.media.Swarm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench mix}. */
@Command(
    name = "mix",
    mixinStandardHelpOptions = true,
    description = {
      "Mixing: rooms of clients with a single section, in which everybody sends real Opus and three"
          + " speak, on Parley and on Janus AudioBridge; what everybody hears is decoded, and has"
          + " to hold exactly the others' tones.%n",
      "Servers run on one processor and the generator on another; they take turns.%n",
      "Exit code: 0; 1 when somebody heard something else from Parley, or Parley needed more than a"
          + " quarter of Janus' CPU."
    })
public final class MixCommand implements Callable<Integer> {

  /** Janus at 48 kHz needs three quarters of a processor for as many. */
  private static final int PEOPLE_AT_ONCE = 50;

  @Spec private CommandSpec spec;

  @Option(
      names = "--people",
      split = ",",
      paramLabel = "N",
      defaultValue = "10,50",
      description = "Sizes of rooms (default: ${DEFAULT-VALUE}).")
  private List<Integer> people = List.of();

  @Option(
      names = "--rooms",
      paramLabel = "N",
      description =
          "So many rooms of a size at once; a room of ten by itself lets a server sleep most of the"
              + " time, and what it needs then is mostly for waking up (default: as many as make"
              + " 50 people).")
  private @Nullable Integer rooms;

  @Option(
      names = "--speaking",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many of them speak (default: ${DEFAULT-VALUE}).")
  private int speaking;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "3",
      description = "Turns of each server (default: ${DEFAULT-VALUE}).")
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
      defaultValue = "15",
      description =
          "How long Parley runs with 50 people, and then with those measured (default:"
              + " ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--settle",
      paramLabel = "S",
      defaultValue = "420",
      description =
          "How long at most it runs on with these: for 110 s, and until its compilers work less"
              + " than 0.2 %% of the time for 10 s (default: ${DEFAULT-VALUE}).")
  private double settle;

  @Option(names = "--alone", description = "Parley only.")
  private boolean alone;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "After the turns sample where Parley spends its time, kernel included, print it by stage,"
              + " and draw a flame graph there; of several sizes, the last.")
  private @Nullable Path profile;

  @Mixin private TwoProcessors processors = new TwoProcessors();

  @Override
  public Integer call() throws IOException, InterruptedException {
    processors.separate();
    boolean good = true;
    try (BenchFolder folder = BenchFolder.create();
        Swarm swarm = new Swarm(LocalAddress.find())) {
      for (int size : people) {
        MixBench.Plan plan = plan(size);
        System.out.println(
            "%d rooms of %d people join each server in turn".formatted(plan.rooms(), size));
        List<MixBench.Result> results =
            new MixBench(plan, swarm, folder.path()).run(size, speaking);
        MixReport report = new MixReport(plan.rooms(), size, speaking, results);
        System.out.print(report.table());
        String missed = report.missed();
        if (missed != null) {
          System.out.println(missed);
          good = false;
        }
      }
      return good ? 0 : 1;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private MixBench.Plan plan(int size) {
    return new MixBench.Plan(
        rooms == null ? Math.max(1, PEOPLE_AT_ONCE / size) : rooms,
        turns,
        seconds,
        warmUp,
        settle,
        !alone,
        processors.servers(),
        profile,
        System.out::println);
  }
}
