package parley.relay.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who did what with recordings, why, when and from where: lines of JSON in {@code audit-<number of
 * its first line>.jsonl}, each with the SHA-256 of the line before and a signature ({@link
 * AuditLine}). {@code audit.head} holds the last line once more, so that lines cut off at the end
 * are missed.
 *
 * <p>A line is on disk when {@link #write} returns: what it is about may happen then, not before.
 * Processes share a log, a lock file keeps them apart. What a crash left half-written goes, and the
 * next line says so. A log that was changed is not written on: that would hide it.
 *
 * <p>Thread-safe; blocks for the disk.
 */
public final class AuditLog {

  /** The last line once more. */
  static final String HEAD = "audit.head";

  private static final String LOCK = "audit.lock";

  /** Files of a log at most: so many that one of them is a small part of all. */
  private static final int FILES = 64;

  /** Another process holds the lock for one write. */
  private static final long PATIENCE_NS = 10_000_000_000L;

  /**
   * Where the log stands.
   *
   * @param n lines there have been
   * @param sha256 of the last one; zeros when there is none
   */
  public record Head(long n, String sha256) {}

  private final Path directory;
  private final SigningKey key;
  private final Clock clock;
  private final long fileBytes;
  private @Nullable AuditLine last;
  private @Nullable Path file;
  private long size;

  private AuditLog(Path directory, SigningKey key, Clock clock, long fileBytes) {
    this.directory = directory;
    this.key = key;
    this.clock = clock;
    this.fileBytes = fileBytes;
  }

  /**
   * Opens a log, or begins one.
   *
   * @param directory made when missing, for its owner only
   * @param maxBytes of all its files together; the oldest go, and a line says which
   * @throws IOException with a sentence, also when the log is not as it was left
   */
  public static AuditLog open(Path directory, SigningKey key, Clock clock, long maxBytes)
      throws IOException {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!Files.isDirectory(directory)) {
      FileAttribute<?>[] own =
          posix
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
              }
              : new FileAttribute<?>[0];
      Files.createDirectories(directory, own);
    }
    long each = Math.max(AuditLine.MAX_BYTES, maxBytes / FILES);
    var log = new AuditLog(directory, key, clock, each);
    log.locked(log::look);
    return log;
  }

  /**
   * Writes a line. Returns when it would survive a power cut.
   *
   * @throws IOException with a sentence: it is not written, and what it is about must not happen
   */
  public synchronized Head write(AuditEntry entry) throws IOException {
    locked(
        () -> {
          look();
          append(entry);
        });
    return head();
  }

  /** Where it stood after this process' last look at it. */
  public synchronized Head head() {
    return last == null ? new Head(0, AuditLine.START) : new Head(last.n(), last.sha256());
  }

  private interface Work {
    void run() throws IOException;
  }

  private synchronized void locked(Work work) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      work.run();
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (System.nanoTime() - deadline < 0) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        // somebody else in this process
      }
      LockSupport.parkNanos(2_000_000);
    }
    throw new IOException("another process keeps " + directory.resolve(LOCK) + " locked");
  }

  /** Finds the last line, unless nothing has happened since. */
  private void look() throws IOException {
    List<Path> files = files(directory);
    Path newest = files.isEmpty() ? null : files.getLast();
    if (newest != null && newest.equals(file) && Files.size(newest) == size) {
      compareWithHead();
      return;
    }
    int half = 0;
    AuditLine found = null;
    for (int i = files.size() - 1; i >= 0 && found == null; i--) {
      file = files.get(i);
      half += mend(file);
      found = lastLine(file);
    }
    last = found;
    file = newest;
    size = newest == null ? 0 : Files.size(newest);
    compareWithHead();
    if (half > 0) {
      String what = "half a line of " + half + " bytes went, which a crash had left";
      append(new AuditEntry("parley", "audit.mended", "", what, "", AuditEntry.ALLOWED));
    }
  }

  /** Takes off what is not a whole line; how many bytes. */
  private static int mend(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      byte[] tail = tail(channel);
      int end = tail.length;
      while (end > 0 && tail[end - 1] != '\n') {
        end--;
      }
      int half = tail.length - end;
      if (half == tail.length && channel.size() > tail.length) {
        throw changed(file, "its end is no line");
      }
      if (half > 0) {
        channel.truncate(channel.size() - half);
        channel.force(true);
      }
      return half;
    }
  }

  private static @Nullable AuditLine lastLine(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] tail = tail(channel);
      if (tail.length == 0) {
        return null; // a crash right after the file was made
      }
      int from = tail.length - 1;
      while (from > 0 && tail[from - 1] != '\n') {
        from--;
      }
      String text = new String(tail, from, tail.length - 1 - from, StandardCharsets.UTF_8);
      return AuditLine.tryParse(text)
          .orElseThrow(() -> changed(file, "its last line is none that was written here"));
    }
  }

  private static byte[] tail(FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, 2L * AuditLine.MAX_BYTES));
    channel.position(size - bytes.capacity());
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // until it is full
    }
    return bytes.array();
  }

  private void compareWithHead() throws IOException {
    Path path = directory.resolve(HEAD);
    AuditLine end = last;
    boolean there = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    if (end == null) {
      if (there) {
        throw changed(path, "the lines it speaks of are gone");
      }
      return;
    }
    if (!there) {
      // The very first line may have been written, and the process killed before its head.
      if (end.n() == 1) {
        return;
      }
      throw changed(path, "it is gone");
    }
    Optional<AuditLine> head = readHead(path);
    boolean agree = head.filter(h -> h.text().equals(end.text()) || end.follows(h)).isPresent();
    if (!agree) {
      throw changed(path, "it and the last line, number " + end.n() + ", do not agree");
    }
  }

  static Optional<AuditLine> readHead(Path path) throws IOException {
    if (Files.size(path) > AuditLine.MAX_BYTES) {
      return Optional.empty();
    }
    String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    return text.endsWith("\n")
        ? AuditLine.tryParse(text.substring(0, text.length() - 1))
        : Optional.empty();
  }

  private void append(AuditEntry entry) throws IOException {
    if (file == null || size >= fileBytes) {
      nextFile();
    }
    AuditLine line =
        AuditLine.write(
            last == null ? 1 : last.n() + 1,
            clock.instant(),
            entry,
            last == null ? AuditLine.START : last.sha256(),
            key);
    byte[] bytes = (line.text() + "\n").getBytes(StandardCharsets.UTF_8);
    Path to = file == null ? directory : file;
    // First, so that a disk without room for it refuses the line, too: they must not part.
    Path temporary = directory.resolve(HEAD + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new IOException("the audit log cannot be written: " + e.getMessage(), e);
    }
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      write(channel.position(size), bytes);
      channel.force(true);
    } catch (IOException e) {
      throw new IOException("the audit log cannot be written: " + e.getMessage(), e);
    }
    last = line;
    size += bytes.length;
    Files.move(temporary, directory.resolve(HEAD), StandardCopyOption.ATOMIC_MOVE);
  }

  private void write(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException e) {
      channel.truncate(size); // a full disk takes half lines; leave only whole ones
      throw e;
    }
  }

  /** Begins a file; the oldest goes when there are enough, after a line that says so. */
  private void nextFile() throws IOException {
    long first = last == null ? 1 : last.n() + 1;
    Path next = directory.resolve(String.format(Locale.ROOT, "audit-%018d.jsonl", first));
    try {
      Files.deleteIfExists(next); // empty: a crash came between making it and its first line
      Files.createFile(next);
    } catch (IOException e) {
      throw new IOException("the audit log cannot be written: " + e.getMessage(), e);
    }
    file = next;
    size = 0;
    List<Path> all = files(directory);
    if (all.size() > FILES) {
      Path oldest = all.getFirst();
      AuditLine end = lastLine(oldest);
      if (end != null) {
        append(
            new AuditEntry("parley", AuditVerifier.DROPPED, name(oldest), dropped(end), "", ALLOW));
      }
      Files.deleteIfExists(oldest);
    }
  }

  private static final String ALLOW = AuditEntry.ALLOWED;

  /** How the line about a file that went names its last line. */
  static String dropped(AuditLine end) {
    return "the log is full; its last line was number " + end.n() + ", SHA-256 " + end.sha256();
  }

  /** All files of the log, the oldest first. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> listed = Files.list(directory)) {
      return listed.filter(f -> name(f).matches("audit-\\d{18}\\.jsonl")).sorted().toList();
    }
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static IOException changed(Path file, String what) {
    return new IOException(
        "the audit log is not as it was left: "
            + file
            + ": "
            + what
            + ". Nobody gets at recordings until somebody has looked: ./parley recordings audit"
            + " --verify says more; to begin a new log, move the folder "
            + file.getParent()
            + " away and keep it");
  }
}
