package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.SigningKey;
import picocli.CommandLine.Option;

/** By which public key signatures are checked. */
final class VerifyingKey {

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Public key (PEM); without it, the one that the settings name.")
  private @Nullable Path key;

  /**
   * @throws IOException with a sentence, when there is none
   */
  PublicKey read(RecordingsCommand of) throws IOException {
    return SigningKey.readPublic(key != null ? key : of.publicKey());
  }
}
