package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.SigningKey;

/** The quick form of what {@code parley recordings selftest --full} does. */
@Tag("slow")
@Timeout(300)
class CrashTest {

  @TempDir Path folder;

  private final Random random = new Random(5);
  private final Verdicts verdicts = new Verdicts();

  @Test
  void losesNothingSealedAndSaysWhatIsMissingWhenTheProcessIsKilled() throws Exception {
    Path key = folder.resolve("seal.key");
    SigningKey.open(key);
    Path kek = folder.resolve("kek.key");
    Files.writeString(kek, Base64.getEncoder().encodeToString(new byte[32]));
    new KillTrial(Files.createDirectory(folder.resolve("killed")), key, kek, random)
        .run(6, verdicts);
    assertThat(verdicts.failed()).isFalse();
  }

  @Test
  void losesNothingSealedAndSaysWhatIsMissingWhenTheDiskFillsUp() throws Exception {
    FullDiskTrial.run(4, folder, SigningKey.create(), random, verdicts);
    assertThat(verdicts.failed()).isFalse();
  }
}
