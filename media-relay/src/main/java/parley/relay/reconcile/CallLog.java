package parley.relay.reconcile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which calls there were, a file a day in {@code calls/} beside the recordings, on disk some
 * moments after it happened. It knows nothing of recordings, so that what it says can be held
 * against them. Whoever calls never waits: what the disk does not take is tried again, and beyond a
 * bound counted as lost.
 */
public final class CallLog implements AutoCloseable {

  /** Where the files lie, in the folder for recordings. */
  public static final String DIRECTORY = "calls";

  private static final Logger log = LoggerFactory.getLogger(CallLog.class);

  /** Some for each call; a disk that hangs for as long as so many take is a broken one. */
  private static final int MAX_WAITING = 10_000;

  /** A year and a bit: what is asked of last year can still be held against its calls. */
  private static final int KEPT_DAYS = 400;

  /** A day of a thousand calls a minute; what is longer is not read to its end. */
  private static final long MAX_LINES = 10_000_000;

  private static final long RETRY_MS = 1_000;
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Path directory;
  private final BlockingQueue<CallLine> told = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;

  // The thread's.
  private final Deque<CallLine> waiting = new ArrayDeque<>();
  private boolean complained;

  /**
   * Begins to write.
   *
   * @param recordings the folder for recordings
   * @param now this process begins
   */
  public CallLog(Path recordings, Instant now) {
    this.directory = recordings.resolve(DIRECTORY);
    waiting.add(CallLine.node(now));
    this.thread = Thread.ofPlatform().name("call-log").daemon().start(this::run);
  }

  /** Something happened. Any thread; never blocks. */
  public void write(CallLine line) {
    if (!told.offer(line)) {
      lost.incrementAndGet();
    }
  }

  /** Lines that could not be kept. */
  public long lost() {
    return lost.get();
  }

  private void run() {
    try {
      do {
        CallLine first = told.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          waiting.add(first);
        }
        if (waiting.size() < MAX_WAITING) {
          told.drainTo(waiting, MAX_WAITING - waiting.size());
        }
        if (!append() && !closing) {
          Thread.sleep(RETRY_MS);
        }
      } while (!closing || !told.isEmpty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether the disk took all there was. */
  private boolean append() {
    try {
      while (!waiting.isEmpty()) {
        LocalDate day = day(waiting.getFirst());
        var text = new StringBuilder();
        int lines = 0;
        for (CallLine line : waiting) {
          if (!day(line).equals(day)) {
            break;
          }
          text.append(line.text()).append('\n');
          lines++;
        }
        append(day, text.toString());
        for (int i = 0; i < lines; i++) {
          waiting.removeFirst();
        }
      }
      complained = false;
      return true;
    } catch (IOException e) {
      if (!complained) {
        log.error("the call log cannot be written, it is tried again: {}", e.toString());
      }
      complained = true;
      return false;
    }
  }

  private static LocalDate day(CallLine line) {
    return LocalDate.ofInstant(line.instant(), ZoneOffset.UTC);
  }

  private void append(LocalDate day, String text) throws IOException {
    Files.createDirectories(directory);
    Path file = file(directory, day);
    boolean begins = !Files.exists(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long end = channel.size();
      try {
        // A newline first: a line that a crash cut off spoils no other.
        String all = end == 0 ? text : "\n" + text;
        ByteBuffer bytes = ByteBuffer.wrap(all.getBytes(StandardCharsets.UTF_8));
        channel.position(end);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(false);
      } catch (IOException e) {
        channel.truncate(end); // else it would stand there twice
        throw e;
      }
    }
    if (begins) {
      removeOld(day.minusDays(KEPT_DAYS));
    }
  }

  private void removeOld(LocalDate before) throws IOException {
    String oldest = before.toString();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "????-??-??.*")) {
      for (Path file : files) {
        if (String.valueOf(file.getFileName()).compareTo(oldest) < 0) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Path file(Path directory, LocalDate day) {
    return directory.resolve(day + ".jsonl");
  }

  /**
   * Whether anything was written on a day.
   *
   * @param recordings the folder for recordings
   */
  public static boolean knows(Path recordings, LocalDate day) {
    return Files.exists(file(recordings.resolve(DIRECTORY), day));
  }

  /**
   * What was written on a day, in the order it was.
   *
   * @param recordings the folder for recordings
   */
  static List<CallLine> read(Path recordings, LocalDate day) throws IOException {
    List<CallLine> lines = new ArrayList<>();
    Path file = file(recordings.resolve(DIRECTORY), day);
    try (Stream<String> all = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      all.limit(MAX_LINES)
          .map(
              line ->
                  new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
          .flatMap(line -> CallLine.tryParse(line).stream())
          .forEach(lines::add);
    } catch (NoSuchFileException e) {
      return lines; // nothing happened
    }
    return lines;
  }

  /** Returns when all is written, or the disk did not take it in time. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
