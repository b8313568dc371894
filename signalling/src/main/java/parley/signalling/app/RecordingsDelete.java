package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.Custody;
import parley.relay.evidence.Deletion;
import parley.relay.evidence.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings delete}. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes recordings and leaves a signed certificate of it, deleted.txt, in the folder. Of an"
          + " encrypted recording the key is destroyed first, and with it every copy of the"
          + " audio.%n",
      "Refused for what is on legal hold, or has to be kept.%n",
      "Exit code: 0 when all are deleted, 1 when one is not.%n"
    })
final class RecordingsDelete implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Override
  public Integer call() {
    return RecordingsCommand.of(parent).decide(asked, "recordings.delete", this::delete);
  }

  private String delete(Path folder, SigningKey key) throws IOException {
    Instant now = Instant.now();
    Deletion.checkWhole(folder);
    Optional<String> refusal = Custody.read(folder, key.publicKey()).refusal(now);
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    int objects = RecordingsCommand.of(parent).deleteStored(folder, key.publicKey());
    Deletion.delete(folder, now, asked.by, asked.why, key);
    String stored = objects == 0 ? "" : " with " + objects + " objects of the store";
    return "deleted" + stored + "; the certificate is " + folder.resolve(Deletion.FILE);
  }
}
