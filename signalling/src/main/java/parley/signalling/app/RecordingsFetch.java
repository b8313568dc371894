package parley.signalling.app;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings fetch}. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description =
        "Gets the audio of recordings back from the object store, where it is no longer on the"
            + " local disk (recording.store.spool_mib).")
final class RecordingsFetch implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    return of.read(asked, "recordings.fetch", folder -> of.fetch(folder) + " files fetched");
  }
}
