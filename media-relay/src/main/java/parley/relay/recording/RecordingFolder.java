package parley.relay.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.relay.evidence.KeyFile;
import parley.relay.evidence.Seal;

/**
 * The folder of one recording. While it is being written it holds a locked marker: found without a
 * lock, the marker tells of a process that died.
 */
final class RecordingFolder implements AutoCloseable {

  static final String MARKER = ".recording";

  /**
   * 64 KiB: a description and the end of a seal; kept free for the moment when the disk is full.
   */
  private static final int RESERVE_BYTES = 1 << 16;

  /** 50 ms: how exactly the moment of a crash is known. A write of eight bytes, always the same. */
  private static final long ALIVE_EVERY_NS = 50_000_000L;

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

  private boolean alive;
  private long aliveNs;

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
    byte[] reserve = new byte[RESERVE_BYTES];
    new Random(RESERVE_BYTES).nextBytes(reserve); // zeros might take no place
    Arrays.fill(reserve, 0, Long.BYTES, (byte) 0);
    ByteBuffer bytes = ByteBuffer.wrap(reserve);
    try {
      while (bytes.hasRemaining()) {
        marker.write(bytes);
      }
    } catch (IOException e) {
      marker.close();
      Files.deleteIfExists(path.resolve(MARKER));
      Files.deleteIfExists(path);
      throw e;
    }
    @Nullable FileLock lock = null;
    try {
      lock = marker.tryLock();
    } catch (IOException e) {
      // Without locks only two processes on one folder tree would get into each other's way.
    }
    return new RecordingFolder(path, marker, lock);
  }

  /**
   * The recording goes on: where it is now. What a process that dies cannot say any more, the one
   * after it reads here.
   *
   * @param place samples from its start
   */
  void alive(long place, long nowNs) {
    if (alive && nowNs - aliveNs < ALIVE_EVERY_NS) {
      return;
    }
    alive = true;
    aliveNs = nowNs;
    sign(place);
  }

  /** The recording ends here. */
  void ends(long place) {
    sign(place);
  }

  private void sign(long place) {
    try {
      marker.write(ByteBuffer.allocate(Long.BYTES).putLong(0, place), 0);
    } catch (IOException e) {
      // It overwrites what is there: a full disk takes it. Of a broken one others tell.
    }
  }

  /** Where a recording was when its process died; 0 when that is not known. */
  static long lastAlive(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(MARKER), StandardOpenOption.READ)) {
      ByteBuffer place = ByteBuffer.allocate(Long.BYTES);
      return channel.read(place, 0) == Long.BYTES ? Math.max(0, place.getLong(0)) : 0;
    }
  }

  /** Gives back the space that was kept: on a full disk, for the last lines. */
  void release() {
    try {
      marker.truncate(Long.BYTES);
    } catch (IOException e) {
      // Then the last lines have to wait.
    }
  }

  /** Takes away all there is: nothing was recorded. */
  void discard() throws IOException {
    close();
    remove(path);
  }

  /** Removes the folder of a recording without a track. */
  static void remove(Path folder) throws IOException {
    for (String name : List.of(Journal.FILE, Seal.FILE, KeyFile.FILE, CallDocument.FILE, MARKER)) {
      Files.deleteIfExists(folder.resolve(name));
      Files.deleteIfExists(AtomicFile.temporary(folder.resolve(name)));
    }
    Files.deleteIfExists(KeyFile.temporary(folder));
    Files.delete(folder);
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
