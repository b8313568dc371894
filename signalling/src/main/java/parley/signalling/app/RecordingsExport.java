package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.evidence.SigningKey;
import parley.relay.replay.ExportBundle;
import parley.relay.vault.KeyRing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes recordings as bundles for somebody who has nothing of ours: zip files with the"
          + " recording as it was sealed, its tracks decrypted, a mix, what the audit log says of"
          + " it, and a program that proves all of that with nothing but a JDK.%n",
      "Exit code: 0 when all are written, 1 when one is not.%n"
    })
final class RecordingsExport implements Callable<Integer> {

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Mixin private OpeningKey opening = new OpeningKey();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Where to: a zip file for each recording is made in it.")
  private Path to = Path.of("");

  @Option(names = "--no-mix", description = "Leaves out the mix as Ogg Opus.")
  private boolean noMix;

  @Option(names = "--no-wav", description = "Leaves out the mix as WAV: 340 MB an hour.")
  private boolean noWav;

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    try {
      KeyRing ring = opening.ring(of);
      Path audit = of.auditDirectory();
      return of.decide(
          asked, "recordings.export", (folder, key) -> export(folder, ring, key, audit));
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private String export(Path folder, KeyRing ring, SigningKey key, Path audit) throws IOException {
    Path file = to.resolve(ExportBundle.fileName(folder));
    var bundle = new ExportBundle(folder, ring, key, audit, asked.by, asked.why, !noMix, !noWav);
    try (ProgressBar bar = new ProgressBar()) {
      long bytes = NewFile.write(file, out -> bundle.write(out, bar));
      return String.format(Locale.ROOT, "exported, %,d bytes in %s", bytes, file);
    }
  }
}
