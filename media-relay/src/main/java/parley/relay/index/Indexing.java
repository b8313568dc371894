package parley.relay.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the index as the folder for recordings is, on a thread of its own: what somebody tells of
 * at once, everything else within ten minutes. While there is no database it waits and remembers;
 * when that gets too much it remembers only that all has to be looked at again. Recording goes on
 * whatever happens here.
 */
public final class Indexing implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Indexing.class);

  /** A day of a busy node; beyond that looking at everything is no more work. */
  static final int MAX_PENDING = 10_000;

  /** What other processes changed (commands, the store) is seen that soon. */
  private static final Duration LOOK = Duration.ofMinutes(10);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private static final Duration STOP = Duration.ofSeconds(10);

  /** How things stand. */
  public enum State {
    CURRENT,
    /** Something waits to be put in. */
    BEHIND,
    /** All is being looked at. */
    REBUILDING,
    /** The database does not take anything. */
    FAILING
  }

  /**
   * How things stand.
   *
   * @param behind recordings that wait
   * @param trouble one sentence; empty: none
   */
  public record Status(State state, int behind, String trouble) {}

  private final RecordingIndex index;
  private final FolderReader reader;
  private final FolderScan scan;
  private final Duration firstPause;
  private final BlockingQueue<Path> told = new ArrayBlockingQueue<>(MAX_PENDING);
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean lookAtAll = true;
  private volatile Status status = new Status(State.REBUILDING, 0, "");

  // The thread's.
  private final Set<Path> pending = new LinkedHashSet<>();
  private long lookNs;
  private long pauseNs;

  /** Begins at once, with a look at everything. */
  public Indexing(RecordingIndex index, RecordingFolders folders, FolderReader reader) {
    this(index, folders, reader, FIRST_PAUSE);
  }

  /**
   * The same.
   *
   * @param firstPause after a failure; doubled with each that follows, up to a minute
   */
  Indexing(
      RecordingIndex index, RecordingFolders folders, FolderReader reader, Duration firstPause) {
    this.index = index;
    this.reader = reader;
    this.scan = new FolderScan(index, folders, reader);
    this.firstPause = firstPause;
    this.pauseNs = firstPause.toNanos();
    this.thread = Thread.ofPlatform().name("recordings-index").daemon().start(this::run);
  }

  /** A recording has been closed, or something about it has changed. Any thread; never blocks. */
  public void changed(Path folder) {
    if (!told.offer(folder)) {
      lookAtAll = true;
    }
  }

  /** How things stand. Any thread. */
  public Status status() {
    return status;
  }

  private void run() {
    try {
      while (!closing) {
        Path first = told.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          pending.add(first);
          told.drainTo(pending);
        }
        turn();
        index.rest();
      }
      if (status.state() != State.FAILING) {
        told.drainTo(pending);
        putPending(); // what was closed last
      }
    } catch (SQLException | IOException | RuntimeException e) {
      log.info("the index of recordings lacks the last of them; the next start puts them in");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void turn() throws InterruptedException {
    boolean look = lookAtAll || System.nanoTime() - lookNs > LOOK.toNanos();
    if (!look && pending.isEmpty()) {
      return;
    }
    try {
      if (look) {
        lookAtAll = false; // what is told from now on may not be seen by this look
        status = new Status(State.REBUILDING, pending.size(), "");
        lookAtAll();
      }
      putPending();
      pauseNs = firstPause.toNanos();
      status = new Status(State.CURRENT, 0, "");
    } catch (SQLException | IOException | RuntimeException e) {
      lookAtAll |= look;
      failed(e);
    }
  }

  private void lookAtAll() throws SQLException, IOException {
    FolderScan.Result result =
        scan.run(
            (done, of) -> {
              if (closing) {
                throw new IOException("the process ends");
              }
            });
    lookNs = System.nanoTime();
    if (result.changed() + result.gone() > 0) {
      log.info(
          "index of recordings: {} there, {} read, {} gone",
          result.recordings(),
          result.changed(),
          result.gone());
    }
  }

  private void putPending() throws SQLException, IOException {
    for (Iterator<Path> each = pending.iterator(); each.hasNext(); ) {
      Path folder = each.next();
      Optional<IndexedRecording> read = Files.isDirectory(folder) ? read(folder) : Optional.empty();
      if (read.isPresent()) {
        index.put(List.of(read.get()));
      } else {
        index.remove(scan.id(folder));
      }
      each.remove();
      status = new Status(State.BEHIND, pending.size(), "");
    }
  }

  /** One that cannot be read must not keep back the others; the next look finds it again. */
  private Optional<IndexedRecording> read(Path folder) {
    try {
      return reader.read(folder);
    } catch (IOException e) {
      log.warn("recording {} is not in the index: {}", folder.getFileName(), e.toString());
      return Optional.empty();
    }
  }

  private void failed(Exception e) throws InterruptedException {
    if (closing) {
      return;
    }
    if (pending.size() > MAX_PENDING) {
      pending.clear();
      lookAtAll = true;
    }
    status = new Status(State.FAILING, pending.size(), String.valueOf(e.getMessage()));
    log.error(
        "the index of recordings cannot be written, {} recordings wait; calls and recordings go"
            + " on: {}",
        lookAtAll ? "all" : pending.size(),
        e.toString());
    List<Path> news = new ArrayList<>();
    long untilNs = System.nanoTime() + pauseNs;
    while (!closing && System.nanoTime() - untilNs < 0) {
      Path next = told.poll(Math.min(pauseNs, 100_000_000L), TimeUnit.NANOSECONDS);
      if (next != null) {
        news.add(next);
      }
      if (news.size() > MAX_PENDING) {
        news.clear();
        lookAtAll = true;
      }
    }
    pending.addAll(news);
    pauseNs = Math.min(LONGEST_PAUSE.toNanos(), 2 * pauseNs);
  }

  /** Ends; what is not in the index yet, the next start finds. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    index.close();
  }
}
