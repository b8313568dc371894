package parley.signalling.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings decrypt}. */
@Command(
    name = "decrypt",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the tracks of recordings as plain Ogg Opus files, and call.json beside them. Whether"
          + " a recording is as it was sealed, verify says, before it is decrypted.%n"
    })
final class RecordingsDecrypt implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Where to: a folder for each recording is made in it.")
  private Path to = Path.of("");

  @Mixin private OpeningKey opening = new OpeningKey();

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    try {
      KeyRing ring = opening.ring(of);
      return of.read(asked, "recordings.decrypt", folder -> decrypt(folder, ring));
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private String decrypt(Path folder, KeyRing ring) throws IOException {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    Path target = Files.createDirectories(to.resolve(name));
    long bytes = 0;
    try (RecordingReader reader = RecordingReader.open(folder, ring)) {
      List<String> tracks = reader.tracks();
      for (String track : tracks) {
        try (InputStream in = reader.track(track)) {
          bytes += Files.copy(in, target.resolve(RecordingReader.plainName(track)));
        }
      }
      Path document = folder.resolve("call.json");
      if (Files.exists(document)) {
        Files.copy(document, target.resolve("call.json"));
      }
      return String.format(Locale.ROOT, "%d tracks, %,d bytes in %s", tracks.size(), bytes, target);
    }
  }
}
