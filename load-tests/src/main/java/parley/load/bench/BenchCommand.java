package parley.load.bench;

import parley.load.bench.cascade.CascadeCommand;
import parley.load.bench.jmh.JmhCommand;
import parley.load.bench.mix.MixCommand;
import parley.load.bench.record.RecordCommand;
import parley.load.bench.rehearsal.RehearseCommand;
import parley.load.bench.storm.StormCommand;
import parley.load.bench.sweep.SweepCommand;
import parley.load.bench.talk.TalkingCommand;
import parley.load.bench.turn.TurnBenchCommand;
import parley.load.bench.turn.TurnLeakCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley bench}: what can be measured. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Parley, some of it beside other servers.",
    subcommands = {
      CascadeCommand.class,
      ForwardCommand.class,
      GatewayCommand.class,
      JmhCommand.class,
      JoinCommand.class,
      RehearseCommand.class,
      StormCommand.class,
      MixCommand.class,
      RecordCommand.class,
      SweepCommand.class,
      TalkingCommand.class,
      TurnBenchCommand.class,
      TurnLeakCommand.class
    })
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine.usage(spec, System.out);
  }
}
