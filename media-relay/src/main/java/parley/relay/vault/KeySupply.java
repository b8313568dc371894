package parley.relay.vault;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.relay.evidence.WrappedKey;

/**
 * Data keys, wrapped ahead of the recordings that will need them: wrapping may ask a device, for
 * which no recording that runs can wait. One thread of its own.
 */
public final class KeySupply implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KeySupply.class);

  /** So many calls may begin at once; a device makes more in a second. */
  private static final int AHEAD = 32;

  /** 2 s: what the recordings that run can do without the recorder's thread, with a second left. */
  private static final long PATIENCE_MS = 2_000;

  private static final String UNUSABLE =
      "The key that recordings are encrypted with cannot be used.";

  /** After a failure; the device is then asked once a second. */
  private static final long RETRY_MS = 1_000;

  /** A data key that no recording has had yet. */
  public record Fresh(DataKey key, WrappedKey wrapped) {}

  private final KeyRing ring;
  private final BlockingQueue<Fresh> ahead = new ArrayBlockingQueue<>(AHEAD);
  private final SecureRandom random = new SecureRandom();
  private final Thread thread;
  private volatile String trouble = "";

  /** Begins at once. */
  public KeySupply(KeyRing ring) {
    this.ring = ring;
    thread = Thread.ofPlatform().name("recording-keys").daemon().start(this::run);
  }

  /**
   * A key for a new recording.
   *
   * @throws KeyTrouble when none can be had soon
   */
  public Fresh take() throws KeyTrouble {
    try {
      // Recordings that run wait, too: a device that has just failed is waited for no more.
      Fresh fresh =
          trouble.isEmpty() ? ahead.poll(PATIENCE_MS, TimeUnit.MILLISECONDS) : ahead.poll();
      if (fresh != null) {
        return fresh;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    trouble = UNUSABLE; // a device that hangs says nothing itself
    throw new KeyTrouble(UNUSABLE);
  }

  /** What is wrong, one sentence; empty while keys are there. Any thread; never blocks. */
  public Optional<String> trouble() {
    return ahead.isEmpty() && !trouble.isEmpty() ? Optional.of(trouble) : Optional.empty();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        DataKey key = DataKey.create(random);
        try {
          WrappedKey wrapped = ring.wrap(key);
          trouble = "";
          ahead.put(new Fresh(key, wrapped));
        } catch (GeneralSecurityException | RuntimeException e) {
          if (trouble.isEmpty()) {
            log.error("no key for recordings can be wrapped", e);
          }
          trouble = UNUSABLE;
          TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
