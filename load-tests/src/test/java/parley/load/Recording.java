package parley.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import parley.load.audio.Pcm;
import parley.load.audio.SoundFile;
import parley.relay.replay.Mixdown;
import parley.relay.replay.Progress;
import parley.relay.vault.KeyRing;
import parley.relay.vault.RecordingReader;

/** A recorded call as it lies on disk. */
final class Recording {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  Recording(Path folder) {
    this.folder = folder;
  }

  JsonNode document() {
    try {
      Path file = folder.resolve("call.json");
      return Files.exists(file) ? JSON.readTree(Files.readAllBytes(file)) : JSON.createObjectNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean complete() {
    return document().path("complete").asBoolean();
  }

  /** Unix time in ms of the tracks' beginning. */
  double startedMs() {
    Instant started = Instant.parse(document().path("started").asText());
    return started.getEpochSecond() * 1e3 + started.getNano() / 1e6;
  }

  /** How long the call says that it is recorded, in ms. */
  double durationMs() {
    return 1000 * document().path("duration").asDouble();
  }

  /** What the document says of a person. */
  JsonNode participant(Person person) {
    return StreamSupport.stream(document().path("participants").spliterator(), false)
        .filter(p -> p.path("display_name").asText().startsWith(person.shortName()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(person + " is not in " + document()));
  }

  SoundFile track(Person person) {
    return new SoundFile(folder.resolve(participant(person).path("file").asText()));
  }

  /** All tracks as one, decoded by ffmpeg as they are. */
  Pcm mixdown() {
    try {
      Path file = Files.createTempFile("parley-mix-", Mixdown.Format.WAV.ending());
      try (RecordingReader reader = RecordingReader.open(folder, KeyRing.NONE)) {
        try (OutputStream out = Files.newOutputStream(file)) {
          Mixdown.write(reader, Mixdown.Format.WAV, out, Progress.NONE);
        }
        return new SoundFile(file).decode();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<SoundFile> tracks() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(".opus"))
          .sorted()
          .map(SoundFile::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return document().toPrettyString();
  }
}
