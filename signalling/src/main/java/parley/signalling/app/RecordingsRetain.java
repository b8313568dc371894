package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.Custody;
import parley.relay.evidence.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings retain}. */
@Command(
    name = "retain",
    mixinStandardHelpOptions = true,
    description =
        "Says until when recordings have to be kept; the latest date that was said counts.")
final class RecordingsRetain implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Option(
      names = "--until",
      paramLabel = "DATE",
      required = true,
      description = "The first day on which they may be deleted, like 2033-01-31 (UTC).")
  private LocalDate until = LocalDate.EPOCH;

  @Override
  public Integer call() {
    return RecordingsCommand.of(parent).decide(asked, "recordings.retain", this::retain);
  }

  private String retain(Path folder, SigningKey key) throws IOException {
    Instant first = until.atStartOfDay(ZoneOffset.UTC).toInstant();
    Custody custody = asked.enter(folder, key, Custody.Act.RETAIN, first);
    return "kept until " + custody.retainedUntil().orElse(first);
  }
}
