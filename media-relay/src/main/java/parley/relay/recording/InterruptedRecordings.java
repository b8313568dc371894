package parley.relay.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.evidence.SealRecovery;
import parley.relay.evidence.SigningKey;

/**
 * Recordings whose process died. Their tracks play as they are and are left alone; {@code
 * call.json} is told that they were interrupted, and when the last sound on them was; what was not
 * sealed yet is sealed as found.
 */
final class InterruptedRecordings {

  private static final Logger log = LoggerFactory.getLogger(InterruptedRecordings.class);

  private final Path root;
  private final Set<Path> own;
  private final InstantSource clock;
  private final SigningKey key;

  /**
   * @param own folders that this process writes to: may grow while we look
   * @param key signs what is found
   */
  InterruptedRecordings(Path root, Set<Path> own, InstantSource clock, SigningKey key) {
    this.root = root;
    this.own = own;
    this.clock = clock;
    this.key = key;
  }

  /** Looks through the whole tree; ends early when the thread is interrupted. */
  void mark() {
    for (Path day : folders(root)) {
      for (Path folder : folders(day)) {
        if (Thread.interrupted()) {
          return;
        }
        if (Files.exists(folder.resolve(RecordingFolder.MARKER)) && !own.contains(folder)) {
          mark(folder);
        }
      }
    }
  }

  private void mark(Path folder) {
    Path marker = folder.resolve(RecordingFolder.MARKER);
    try (FileChannel channel = FileChannel.open(marker, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return; // another process is recording there
      }
      describe(folder);
      SealRecovery.seal(folder, List.of(CallDocument.FILE), ".opus", clock.instant(), key);
      Files.delete(marker);
      log.warn("recording {} was interrupted", folder.getFileName());
    } catch (OverlappingFileLockException e) {
      log.debug("recording {} goes on", folder.getFileName());
    } catch (IOException | RuntimeException e) {
      log.warn("recording {} cannot be looked into: {}", folder.getFileName(), e.toString());
    }
  }

  private static void describe(Path folder) throws IOException {
    Path file = folder.resolve(CallDocument.FILE);
    ObjectNode document = read(file);
    long last = 0;
    try (DirectoryStream<Path> tracks = Files.newDirectoryStream(folder, "*.opus")) {
      for (Path track : tracks) {
        last = Math.max(last, OggTail.duration(track));
      }
    }
    document.put("complete", false);
    document.put("interrupted", true);
    document.put("duration", CallDocument.seconds(last));
    String started = document.path("started").asText("");
    try {
      Duration played = Duration.ofNanos(last * 1_000_000 / 48);
      document.put("ended", CallDocument.iso(Instant.parse(started).plus(played)));
    } catch (DateTimeException e) {
      log.debug("recording {} has no start", folder.getFileName());
    }
    AtomicFile.write(
        file, CallDocument.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
  }

  private static ObjectNode read(Path file) {
    try {
      JsonNode node = CallDocument.JSON.readTree(Files.readAllBytes(file));
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      log.debug("no {}", file, e);
    }
    return CallDocument.JSON.createObjectNode().put("version", 1);
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
