package parley.relay.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts closed recordings into the bucket: at once, again when it failed, and all that are missing
 * after a start. One thread of its own; a store that does not answer holds up nothing else.
 */
public final class S3Uploads implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(S3Uploads.class);

  /** Doubled with every failure in a row. */
  private static final long FIRST_PAUSE_S = 5;

  private static final long LONGEST_PAUSE_S = 300;

  /** So many recordings in a row that could not be put: the store is away. */
  private static final int MOST_FAILURES = 3;

  /** A minute: what nobody told of is found by itself. */
  private static final long LOOK_S = 60;

  private final S3Archive archive;
  private final long spoolBytes;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closing;
  private volatile int waiting;

  /**
   * Begins at once.
   *
   * @param spoolBytes what recordings may take on the local disk before the audio of the oldest
   *     goes that are in the bucket; 0: no limit
   */
  public S3Uploads(S3Archive archive, long spoolBytes) {
    this.archive = archive;
    this.spoolBytes = spoolBytes;
    thread = Thread.ofPlatform().name("recording-uploads").daemon().start(this::run);
  }

  /** A recording has been closed. Any thread; never blocks. */
  public void look() {
    wake.release();
  }

  /** Closed recordings that are not in the bucket yet, as of the last look. Any thread. */
  public int waiting() {
    return waiting;
  }

  private void run() {
    long pauseS = FIRST_PAUSE_S;
    try {
      while (!closing) {
        boolean done = uploadAll();
        pauseS = done ? FIRST_PAUSE_S : Math.min(LONGEST_PAUSE_S, 2 * pauseS);
        if (wake.tryAcquire(done ? LOOK_S : pauseS, TimeUnit.SECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean uploadAll() throws InterruptedException {
    try {
      List<Path> missing = archive.missing();
      waiting = missing.size();
      boolean all = true;
      int failures = 0;
      for (Path folder : missing) {
        if (failures == MOST_FAILURES) {
          all = false;
          break;
        }
        // One that cannot be put must not keep the others from being put, or the disk full.
        boolean done = upload(folder);
        all &= done;
        failures = done ? 0 : failures + 1;
      }
      int trimmed = spoolBytes > 0 ? archive.trim(spoolBytes) : 0;
      if (trimmed > 0) {
        log.info("the audio of {} recordings is only in the bucket now", trimmed);
      }
      return all;
    } catch (IOException | RuntimeException e) {
      log.warn("{} recordings wait for the bucket: {}", waiting, e.toString());
      return false;
    }
  }

  private boolean upload(Path folder) throws InterruptedException {
    try {
      archive.put(folder);
      waiting--;
      log.info("recording {} is in the bucket", folder.getFileName());
      return true;
    } catch (IOException | RuntimeException e) {
      log.warn("recording {} waits for the bucket: {}", folder.getFileName(), e.toString());
      return false;
    }
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
  }
}
