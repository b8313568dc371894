package parley.signalling.cluster;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A small store that all nodes share. Each change of a key gives it a higher revision; who changes
 * a key names the revision that he saw, and of several who saw the same one succeeds. Any thread;
 * nothing blocks; every future fails with {@link BusUnavailable} when the store is away, and then
 * the change may have happened or not.
 *
 * <p>Keys are letters, digits, dashes and dots.
 */
public interface Leases {

  /** The revision of what was not done. */
  long NOT_DONE = 0;

  /**
   * What stands under a key.
   *
   * @param revision grows with each change of whichever key
   */
  record Entry(String value, long revision) {}

  /** Writes a key that is not there; {@link #NOT_DONE} when it is. */
  CompletableFuture<Long> create(String key, String value);

  /** Writes a key that is as it was seen; {@link #NOT_DONE} when it is not any more. */
  CompletableFuture<Long> update(String key, String value, long revision);

  CompletableFuture<Optional<Entry>> get(String key);

  /** Takes away a key that is as it was seen; false when it is not any more. */
  CompletableFuture<Boolean> delete(String key, long revision);
}
