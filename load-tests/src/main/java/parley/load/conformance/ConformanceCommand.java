package parley.load.conformance;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.load.server.OwnNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley conformance}: every event, tried, with a table of what came out. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = {
      "Drives every event of a client, provokes every event of the server, checks each frame"
          + " against the schemas, and prints a table.%n",
      "Without --url a node of its own is started on free ports of this machine, with the demo"
          + " team. With --url, two tokens of people of one team are needed, who have a group in"
          + " common; they will call each other. A foreign server cannot be made to lose a call,"
          + " so server.call.restart stays missing there, and so do the rules that need settings of"
          + " their own: short waits, one device a person, two people a call.%n",
      "Exit code: 0 if every event conforms and every rule holds, else 1."
    })
public final class ConformanceCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--url", paramLabel = "URL", description = "Server, like http://localhost:8080.")
  private @Nullable String url;

  @Option(names = "--team", paramLabel = "UID", description = "The team's uid.")
  private @Nullable String team;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Of a person of the team; give it twice, for two people, or three times.")
  private List<String> tokens = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (url == null && team == null && tokens.isEmpty()) {
      try (OwnNode node = OwnNode.start()) {
        try (OwnNode strict = OwnNode.start(StrictRules.SETTINGS)) {
          return run(Target.demo(node), Target.demo(strict));
        }
      }
    }
    if (url == null || team == null || tokens.size() < 2 || tokens.size() > 3) {
      throw new ParameterException(
          spec.commandLine(), "--url, --team and two or three times --token belong together");
    }
    String carol = tokens.size() == 3 ? tokens.get(2) : null;
    String base = url.replaceFirst("/+$", "");
    return run(new Target(base, team, tokens.get(0), tokens.get(1), carol, null), null);
  }

  private static int run(Target target, @Nullable Target strict) throws InterruptedException {
    Ledger ledger = new Ledger(new EventSchemas());
    play(target, strict, ledger);
    System.out.print(ledger.table());
    return ledger.complete() ? 0 : 1;
  }

  /**
   * Plays everything.
   *
   * @param strict a server with {@link StrictRules#SETTINGS}; null: there is none
   */
  static void play(Target target, @Nullable Target strict, Ledger ledger)
      throws InterruptedException {
    new Scenes(target, ledger).play();
    new UsualRules(target, ledger).play();
    if (strict != null) {
      new StrictRules(strict, ledger).play();
    }
  }
}
