package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.Custody;
import parley.relay.evidence.SigningKey;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command says that decides about recordings: which, who, why. */
final class Reasoned {

  @Parameters(paramLabel = "FOLDER", arity = "1..*", description = "Folders of recordings.")
  List<Path> folders = List.of();

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "The reason; it goes into the audit log.")
  String why = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who decided it (default: the user who runs this).")
  String by = "";

  /**
   * Writes such a decision into the custody of a recording.
   *
   * @param until of RETAIN; null otherwise
   * @return the custody with it
   */
  Custody enter(Path folder, SigningKey key, Custody.Act act, @Nullable Instant until)
      throws IOException {
    Custody custody = Custody.read(folder, key.publicKey());
    custody.add(new Custody.Entry(act, Instant.now(), by, why, until), key);
    return custody;
  }
}
