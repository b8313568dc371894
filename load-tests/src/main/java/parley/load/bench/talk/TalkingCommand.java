package parley.load.bench.talk;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import parley.load.audio.Synthesizer;
import parley.load.bench.BenchFolder;
import parley.load.bench.media.LocalAddress;
import parley.load.bench.media.Swarm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parley bench talking}. */
@Command(
    name = "talking",
    mixinStandardHelpOptions = true,
    description = {
      "Who talks: sentences made by espeak-ng, mixed with noise at four levels, and breath and"
          + " typing without any speech, go to Parley and to Janus AudioBridge at the same time;"
          + " how soon, and how rightly, each tells that somebody talks.%n",
      "Installs the distribution's packages espeak-ng and janus when they are missing.%n",
      "Exit code: 0; 1 when Parley misses a target: on within 150 ms and off within 600 ms for 95"
          + " of 100 sentences, none unseen, no flicker."
    })
public final class TalkingCommand implements Callable<Integer> {

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "100",
      description = "Length of each voice's track (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--alone", description = "Parley only.")
  private boolean alone;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Synthesizer.install();
    try (BenchFolder folder = BenchFolder.create();
        Swarm swarm = new Swarm(LocalAddress.find())) {
      TalkReport report =
          new TalkReport(new TalkBench(swarm, folder.path(), seconds, !alone).run());
      System.out.print(report.table());
      List<String> missed = report.missed();
      missed.forEach(System.out::println);
      return missed.isEmpty() ? 0 : 1;
    }
  }
}
