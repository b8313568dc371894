package parley.relay.recording;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.RelayEvent;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.Seal;
import parley.relay.evidence.SealRecovery;
import parley.relay.evidence.SigningKey;

/**
 * Recordings whose process died. Their tracks play as they are and are left alone; {@code
 * call.json} is made anew from the journal and says what is missing; what was not sealed yet is
 * sealed as found. All of it can be interrupted in its turn, and is then taken up once more.
 */
final class InterruptedRecordings {

  private static final Logger log = LoggerFactory.getLogger(InterruptedRecordings.class);

  private final Path root;
  private final Set<Path> own;
  private final InstantSource clock;
  private final SigningKey key;
  private final Consumer<RelayEvent> events;

  /**
   * @param own folders that this process writes to: may grow while we look
   * @param key signs what is found
   * @param events told RecordingFound
   */
  InterruptedRecordings(
      Path root, Set<Path> own, InstantSource clock, SigningKey key, Consumer<RelayEvent> events) {
    this.root = root;
    this.own = own;
    this.clock = clock;
    this.key = key;
    this.events = events;
  }

  /**
   * Looks through the whole tree; ends early when the thread is interrupted.
   *
   * @return whether nothing is left that a later look could mend
   */
  boolean mark() {
    boolean done = true;
    for (Path day : folders(root)) {
      for (Path folder : folders(day)) {
        if (Thread.interrupted()) {
          return true;
        }
        if (Files.exists(folder.resolve(RecordingFolder.MARKER)) && !own.contains(folder)) {
          done &= mark(folder);
        }
      }
    }
    return done;
  }

  private boolean mark(Path folder) {
    Path marker = folder.resolve(RecordingFolder.MARKER);
    try (FileChannel channel = FileChannel.open(marker, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) { // else another process is recording there
        close(folder);
      }
      return true;
    } catch (OverlappingFileLockException e) {
      log.debug("recording {} goes on", folder.getFileName());
      return true;
    } catch (IOException | RuntimeException e) {
      log.warn("recording {} cannot be closed yet: {}", folder.getFileName(), e.toString());
      return false;
    }
  }

  private void close(Path folder) throws IOException {
    SealRecovery seal = SealRecovery.of(folder);
    switch (seal.state()) {
      case NONE -> {
        if (hasTracks(folder)) {
          finish(folder, InterruptedCall.rebuild(folder, seal)); // made before there were seals
        } else {
          RecordingFolder.remove(folder); // it had not begun
          log.info("recording {} had not begun", folder.getFileName());
        }
      }
      case OPEN -> {
        Files.deleteIfExists(AtomicFile.temporary(folder.resolve(CallDocument.FILE)));
        ObjectNode document = InterruptedCall.rebuild(folder, seal);
        seal(seal, document);
        finish(folder, document);
      }
      case DESCRIBED -> {
        ObjectNode document = InterruptedCall.read(folder);
        seal(seal, document);
        finish(folder, document);
      }
      case CLOSED -> finish(folder, InterruptedCall.read(folder));
      case BROKEN ->
          log.error(
              "recording {} was interrupted, and its seal does not hold: it is left as it is",
              folder.getFileName());
    }
  }

  private void seal(SealRecovery seal, ObjectNode document) throws IOException {
    Seal.End how =
        document.path("complete").asBoolean()
            ? Seal.End.COMPLETE
            : document.path("interrupted").asBoolean() ? Seal.End.INTERRUPTED : Seal.End.STOPPED;
    seal.seal(List.of(CallDocument.FILE), TrackFiles::isTrack, how, clock.instant(), key);
  }

  /** What only an open recording has goes; then whoever wants to know is told. */
  private void finish(Path folder, ObjectNode document) throws IOException {
    Files.deleteIfExists(folder.resolve(Journal.FILE));
    Files.deleteIfExists(AtomicFile.temporary(folder.resolve(CallDocument.FILE)));
    Files.deleteIfExists(KeyFile.temporary(folder));
    Files.delete(folder.resolve(RecordingFolder.MARKER));
    String reason = reason(document);
    log.warn("recording {} was interrupted: {}", folder.getFileName(), reason);
    tell(folder, document, reason);
  }

  private static String reason(ObjectNode document) {
    if (document.path("complete").asBoolean()) {
      return "";
    }
    if (document.has("stopped")) {
      return document.path("stopped").asText();
    }
    return String.format(
        Locale.ROOT,
        "The server died while it recorded this call: of %.1f s of audio %.1f s were saved.",
        document.path("completeness").path("due").asDouble(),
        document.path("completeness").path("held").asDouble());
  }

  private void tell(Path folder, ObjectNode document, String reason) {
    try {
      var info =
          new CallInfo(
              document.path("team").asText(""),
              document.path("chat").asText(""),
              document.path("display_name").asText(""),
              Instant.parse(document.path("created").asText("")));
      var call = new CallId(document.path("call").asText(""));
      events.accept(new RelayEvent.RecordingFound(call, info, folder, reason));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      log.warn("recording {} does not say of which call it is", folder.getFileName());
    }
  }

  private static boolean hasTracks(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> TrackFiles.isTrack(String.valueOf(file.getFileName())));
    }
  }

  private static List<Path> folders(Path parent) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> children =
          Files.newDirectoryStream(parent, p -> Files.isDirectory(p))) {
        children.forEach(found::add);
      } catch (IOException | RuntimeException e) {
        log.warn("recordings in {} cannot be listed: {}", parent.getFileName(), e.toString());
      }
    }
    return found;
  }
}
