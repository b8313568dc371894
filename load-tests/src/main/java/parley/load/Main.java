package parley.load;

import parley.load.bench.BenchCommand;
import parley.load.chaos.ChaosCommand;
import parley.load.conformance.ConformanceCommand;
import parley.load.interop.InteropCommand;
import parley.load.model.ModelCommand;
import parley.load.run.LoadCommand;
import parley.load.soak.SoakCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that try a server. */
@Command(
    name = "parley",
    description = "Tries a server that speaks the call protocol.",
    subcommands = {
      ConformanceCommand.class,
      BenchCommand.class,
      InteropCommand.class,
      ChaosCommand.class,
      ModelCommand.class,
      LoadCommand.class,
      SoakCommand.class
    },
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
