package parley.signalling.app;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import parley.relay.vault.KeyAddress;
import parley.relay.vault.KeyRing;
import picocli.CommandLine.Option;

/** With what encrypted recordings are opened: the settings' keys, and one more. */
final class OpeningKey {

  @Option(
      names = "--with",
      paramLabel = "KEY",
      description = "A further key that opens them, like private:audit.key.")
  private @Nullable String with;

  /**
   * @throws IOException with a sentence, for the first key that cannot be used
   */
  KeyRing ring(RecordingsCommand of) throws IOException {
    KeyRing set = of.keyRing();
    return with == null ? set : set.with(KeyAddress.open(with, new char[0]));
  }
}
