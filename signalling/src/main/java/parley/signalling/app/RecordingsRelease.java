package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.Custody;
import parley.relay.evidence.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings release}. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description =
        "Ends the legal hold of recordings; how long they have to be kept stays as it is.")
final class RecordingsRelease implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Override
  public Integer call() {
    return RecordingsCommand.of(parent).decide(asked, "recordings.release", this::release);
  }

  private String release(Path folder, SigningKey key) throws IOException {
    asked.enter(folder, key, Custody.Act.RELEASE, null);
    return "released";
  }
}
