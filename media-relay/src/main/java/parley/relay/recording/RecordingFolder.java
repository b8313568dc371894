package parley.relay.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;

/**
 * The folder of one recording. While it is being written it holds a locked marker: found without a
 * lock, the marker tells of a process that died.
 */
final class RecordingFolder implements AutoCloseable {

  static final String MARKER = ".recording";

  /** A call switched on and off so often in one second is none. */
  private static final int MAX_PARTS = 100;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneOffset.UTC);

  private final Path path;
  private final FileChannel marker;

  // Held until the marker goes; some file systems know no locks.
  @SuppressWarnings("UnusedVariable")
  private final @Nullable FileLock lock;

  private RecordingFolder(Path path, FileChannel marker, @Nullable FileLock lock) {
    this.path = path;
    this.marker = marker;
    this.lock = lock;
  }

  /**
   * Makes {@code <root>/<yyyy-MM-dd>/<HHmmss>-<call uid>}, with {@code -2} and so on when the call
   * is recorded again within the second.
   *
   * @param own told before anything is on disk, so that no one takes it for a left-over
   */
  static RecordingFolder create(Path root, CallId call, Instant started, Set<Path> own)
      throws IOException {
    Path day = Files.createDirectories(root.resolve(DAY.format(started)));
    String name = TIME.format(started) + "-" + TrackName.slug(call.value(), "call");
    for (int part = 1; part <= MAX_PARTS; part++) {
      Path path = day.resolve(part == 1 ? name : name + "-" + part);
      if (Files.exists(path)) {
        continue;
      }
      own.add(path);
      try {
        Files.createDirectory(path);
      } catch (FileAlreadyExistsException e) {
        continue; // another process was faster
      }
      return mark(path);
    }
    throw new FileAlreadyExistsException(day.resolve(name).toString());
  }

  private static RecordingFolder mark(Path path) throws IOException {
    FileChannel marker =
        FileChannel.open(
            path.resolve(MARKER), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = marker.tryLock();
    } catch (IOException e) {
      // Without locks only two processes on one folder tree would get into each other's way.
    }
    return new RecordingFolder(path, marker, lock);
  }

  Path path() {
    return path;
  }

  /** The recording is whole: the marker goes. */
  void complete() throws IOException {
    Files.deleteIfExists(path.resolve(MARKER));
    close();
  }

  @Override
  public void close() throws IOException {
    marker.close();
  }
}
