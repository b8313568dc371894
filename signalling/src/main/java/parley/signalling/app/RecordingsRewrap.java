package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.SigningKey;
import parley.relay.vault.DataKey;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings rewrap}. */
@Command(
    name = "rewrap",
    mixinStandardHelpOptions = true,
    description = {
      "Wraps the keys of recordings anew, with the keys that the settings name now; the old ones"
          + " are those of recording.encryption.old_keys. No audio is read or written.%n"
    })
final class RecordingsRewrap implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Mixin private OpeningKey opening = new OpeningKey();

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    try {
      KeyRing ring = opening.ring(of);
      if (!ring.protects()) {
        throw new IOException("recording.encryption.keys names no key to wrap with");
      }
      return of.decide(asked, "recordings.rewrap", (folder, key) -> rewrap(folder, key, ring));
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private static String rewrap(Path folder, SigningKey key, KeyRing ring) throws IOException {
    if (!RecordingReader.isEncrypted(folder)) {
      return "not encrypted: nothing to do";
    }
    KeyFile file = KeyFile.read(folder);
    if (!file.isSignedBy(key.publicKey())) {
      throw new IOException("its wrapped key was changed, or signed with another key");
    }
    try {
      DataKey dataKey = ring.unwrap(file.key());
      var wrapped = ring.wrap(dataKey);
      dataKey.destroy();
      KeyFile.write(folder, file.call(), wrapped, key);
      return "wrapped with "
          + String.join(", ", wrapped.wraps().stream().map(wrap -> wrap.kek()).toList());
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
