package parley.signalling.recordings;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.replay.Progress;

/**
 * Files that are made of recordings when somebody asks for them, and go again an hour after
 * somebody asked last: mixes, waveforms, bundles. Made on two threads, so that hearing takes little
 * from calling. Any thread.
 */
final class Scratch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Scratch.class);

  /** A day's work with one recording, and time to come back from lunch. */
  static final Duration KEPT = Duration.ofHours(1);

  /** Files that are made or kept. */
  private static final int MAX_ENTRIES = 64;

  /** Of all of them together; what nobody asked for the longest goes first. */
  private static final long MAX_BYTES = 16L << 30;

  private static final int WORKERS = 2;

  /** Makes a file. */
  @FunctionalInterface
  interface Maker {
    void make(OutputStream out, Progress progress) throws IOException;
  }

  /** How far a file is. */
  enum State {
    WAITING,
    RUNNING,
    READY,
    FAILED
  }

  /**
   * How far a file is.
   *
   * @param step what is being done
   * @param file null: it is not ready
   * @param detail why it failed; null: it did not
   * @param expires when it goes, if nobody asks for it again
   */
  record Look(
      State state,
      double progress,
      String step,
      @Nullable Path file,
      @Nullable String detail,
      Instant expires) {}

  private static final class Entry {
    private final Path file;
    private State state = State.WAITING;
    private double progress;
    private String step = "";
    private @Nullable String detail;
    private Instant asked;
    private boolean dropped;
    private long bytes;

    Entry(Path file, Instant asked) {
      this.file = file;
      this.asked = asked;
    }
  }

  private final Path directory;
  private final InstantSource clock;
  private final ThreadPoolExecutor workers;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long made;

  /**
   * Takes a directory for itself; what another process left in it goes.
   *
   * @throws IOException when it cannot be had
   */
  Scratch(Path directory, InstantSource clock) throws IOException {
    this.directory = directory;
    this.clock = clock;
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*.part")) {
        for (Path file : left) {
          Files.delete(file);
        }
      }
    } else if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      var own = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(own));
    } else {
      Files.createDirectories(directory);
    }
    this.workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(MAX_ENTRIES),
            work -> Thread.ofPlatform().name("recordings-scratch").daemon().unstarted(work));
    workers.allowCoreThreadTimeOut(true);
  }

  /** How far a file is; it is begun when there is none. That it failed is told once. */
  synchronized Look ask(String key, Maker maker) throws Refusal {
    tidy();
    Entry known = entries.get(key);
    if (known == null) {
      return seen(begin(key, maker));
    }
    if (known.state == State.FAILED) {
      drop(entries.remove(key)); // said once; who asks again wants it tried again
    }
    return seen(known);
  }

  private Entry begin(String key, Maker maker) throws Refusal {
    if (entries.size() >= MAX_ENTRIES && !dropOldest()) {
      throw new Refusal(Refusal.Code.BUSY, "too much is being made of recordings");
    }
    var entry = new Entry(directory.resolve(++made + ".part"), clock.instant());
    try {
      workers.execute(() -> make(entry, maker));
    } catch (RejectedExecutionException e) {
      throw new Refusal(Refusal.Code.BUSY, "too much is being made of recordings", e);
    }
    entries.put(key, entry);
    return entry;
  }

  /** How far a file is; null when there is none. */
  synchronized @Nullable Look find(String key) {
    tidy();
    Entry known = entries.get(key);
    return known == null ? null : seen(known);
  }

  /** Takes a file away, or ends the making of it; whether there was one. */
  synchronized boolean remove(String key) {
    Entry entry = entries.remove(key);
    drop(entry);
    return entry != null;
  }

  /** Those that begin so. */
  synchronized List<String> keys(String prefix) {
    tidy();
    return entries.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  private Look seen(Entry entry) {
    entry.asked = clock.instant();
    return new Look(
        entry.state,
        entry.progress,
        entry.step,
        entry.state == State.READY ? entry.file : null,
        entry.detail,
        entry.asked.plus(KEPT));
  }

  private void make(Entry entry, Maker maker) {
    try {
      synchronized (this) {
        if (entry.dropped) {
          return;
        }
        entry.state = State.RUNNING;
      }
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(entry.file))) {
        maker.make(out, (share, step) -> at(entry, share, step));
      }
      done(entry, Files.size(entry.file));
    } catch (IOException | RuntimeException e) {
      failed(entry, e);
    }
  }

  private synchronized void at(Entry entry, double share, String step) throws IOException {
    if (entry.dropped) {
      throw new IOException("nobody wants it any more");
    }
    entry.progress = Math.clamp(share, 0, 1);
    entry.step = step;
  }

  private synchronized void done(Entry entry, long bytes) {
    entry.bytes = bytes;
    entry.progress = 1;
    entry.state = State.READY;
    entry.asked = clock.instant();
    if (entry.dropped) {
      drop(entry);
    }
    tidy();
  }

  private synchronized void failed(Entry entry, Exception e) {
    if (!entry.dropped) {
      log.warn("something of a recording could not be made: {}", e.toString());
    }
    entry.state = State.FAILED;
    entry.detail = e instanceof IOException ? String.valueOf(e.getMessage()) : "a defect of ours";
    delete(entry.file);
  }

  /** Lets go of what nobody has asked for in a long time, and of what is too much. */
  private void tidy() {
    Instant latest = clock.instant().minus(KEPT);
    List<Entry> old = new ArrayList<>();
    long bytes = 0;
    for (Iterator<Entry> each = entries.values().iterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (isMade(entry) && entry.asked.isBefore(latest)) {
        old.add(entry);
        each.remove();
      } else {
        bytes += entry.bytes;
      }
    }
    for (Iterator<Entry> each = entries.values().iterator();
        bytes > MAX_BYTES && each.hasNext(); ) {
      Entry entry = each.next();
      if (isMade(entry)) {
        bytes -= entry.bytes;
        old.add(entry);
        each.remove();
      }
    }
    old.forEach(this::drop);
  }

  private boolean dropOldest() {
    for (Iterator<Entry> each = entries.values().iterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (isMade(entry)) {
        each.remove();
        drop(entry);
        return true;
      }
    }
    return false;
  }

  private static boolean isMade(Entry entry) {
    return entry.state == State.READY || entry.state == State.FAILED;
  }

  private void drop(@Nullable Entry entry) {
    if (entry != null) {
      entry.dropped = true;
      delete(entry.file); // who is reading it reads on
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("{} stays: {}", file, e.toString());
    }
  }

  @Override
  public void close() {
    List<String> keys;
    synchronized (this) {
      keys = List.copyOf(entries.keySet());
    }
    keys.forEach(this::remove);
    workers.shutdown();
  }
}
