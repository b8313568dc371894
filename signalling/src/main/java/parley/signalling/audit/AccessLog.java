package parley.signalling.audit;

import java.io.IOException;

/** Where accesses are written down. Thread-safe; blocks for the disk, so never on an event loop. */
@FunctionalInterface
public interface AccessLog {

  /**
   * Returns when it would survive a power cut. What may not happen unseen happens after that.
   *
   * @throws IOException with a sentence: it is not written down, so it must not happen
   */
  void write(Access access) throws IOException;
}
