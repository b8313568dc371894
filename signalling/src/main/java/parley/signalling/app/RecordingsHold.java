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

/** {@code parley recordings hold}. */
@Command(
    name = "hold",
    mixinStandardHelpOptions = true,
    description = "Puts recordings on legal hold: nothing deletes them before it is released.")
final class RecordingsHold implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Override
  public Integer call() {
    return RecordingsCommand.of(parent).decide(asked, "recordings.hold", this::hold);
  }

  private String hold(Path folder, SigningKey key) throws IOException {
    asked.enter(folder, key, Custody.Act.HOLD, null);
    return "on hold";
  }
}
