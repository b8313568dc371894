package parley.signalling.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.timestamp.TimeStamp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings timestamp}. */
@Command(
    name = "timestamp",
    mixinStandardHelpOptions = true,
    description =
        "Has a time stamping authority (RFC 3161) say that recordings were there by now; verify"
            + " shows it. The authority is told a SHA-256 and nothing else.")
final class RecordingsTimestamp implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Option(
      names = "--tsa",
      paramLabel = "URL",
      required = true,
      description = "The authority, like http://timestamp.example.org/")
  private URI tsa = URI.create("");

  @Override
  public Integer call() {
    return RecordingsCommand.of(parent).read(asked, "recordings.timestamp", this::stamp);
  }

  private String stamp(Path folder) throws IOException {
    try {
      return "stamped " + TimeStamp.ask(folder, tsa);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
