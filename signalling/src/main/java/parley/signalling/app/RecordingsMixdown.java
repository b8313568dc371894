package parley.signalling.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import parley.relay.replay.ExportBundle;
import parley.relay.replay.Mixdown;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code parley recordings mixdown}. */
@Command(
    name = "mixdown",
    mixinStandardHelpOptions = true,
    description = {
      "Writes all speakers of a recording as one sound file, each where he spoke, or one of them"
          + " alone. For listening: evidence are the tracks.%n",
      "Exit code: 0 when all are written, 1 when one is not.%n"
    })
final class RecordingsMixdown implements Callable<Integer> {

  /** What it is written as. */
  enum Format {
    opus(Mixdown.Format.OGG_OPUS),
    wav(Mixdown.Format.WAV);

    private final Mixdown.Format format;

    Format(Mixdown.Format format) {
      this.format = format;
    }
  }

  @ParentCommand private @Nullable RecordingsCommand parent;

  @Mixin private Reasoned asked = new Reasoned();

  @Mixin private OpeningKey opening = new OpeningKey();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Where to: a file for each recording is made in it.")
  private Path to = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "opus",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Format format = Format.opus;

  @Option(
      names = "--track",
      paramLabel = "FILE",
      description = "Only this speaker's, like 01-alice.opus.")
  private @Nullable String track;

  @Override
  public Integer call() {
    RecordingsCommand of = RecordingsCommand.of(parent);
    try {
      KeyRing ring = opening.ring(of);
      return of.read(asked, "recordings.mixdown", folder -> mix(folder, ring));
    } catch (IOException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
  }

  private String mix(Path folder, KeyRing ring) throws IOException {
    String name = ExportBundle.fileName(folder).replaceFirst("\\.zip$", "");
    String of = track == null ? "" : "-" + RecordingReader.plainName(track).replace(".opus", "");
    Path file = to.resolve(name + of + format.format.ending());
    try (RecordingReader reader = RecordingReader.open(folder, ring);
        ProgressBar bar = new ProgressBar()) {
      List<String> tracks = track == null ? reader.tracks() : List.of(track);
      long bytes =
          NewFile.write(file, out -> Mixdown.write(reader, tracks, format.format, out, bar));
      return String.format(
          Locale.ROOT, "%d tracks mixed, %,d bytes in %s", tracks.size(), bytes, file);
    }
  }
}
