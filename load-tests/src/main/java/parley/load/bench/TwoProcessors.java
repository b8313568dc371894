package parley.load.bench;

import java.io.IOException;
import parley.load.bench.kernel.Processors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of a bench whose servers run on one processor and whose generator runs on another. */
public final class TwoProcessors {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--server-cpu",
      paramLabel = "CPU",
      defaultValue = "0",
      description = "Processor of the servers (default: ${DEFAULT-VALUE}).")
  private int servers;

  @Option(
      names = "--generator-cpu",
      paramLabel = "CPU",
      defaultValue = "1",
      description = "Processor of the generator (default: ${DEFAULT-VALUE}).")
  private int generator;

  /** The servers'. */
  public int servers() {
    return servers;
  }

  /** The generator's. */
  public int generator() {
    return generator;
  }

  /**
   * Moves this process, which generates, to its own.
   *
   * @throws ParameterException when both are the same
   */
  public void separate() throws IOException, InterruptedException {
    if (servers == generator) {
      throw new ParameterException(
          spec.commandLine(), "servers and generator need a processor each");
    }
    Processors.move(ProcessHandle.current().pid(), generator);
  }
}
