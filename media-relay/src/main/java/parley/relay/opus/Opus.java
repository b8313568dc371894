package parley.relay.opus;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this process can encode and decode Opus. */
public final class Opus {

  private static final Logger log = LoggerFactory.getLogger(Opus.class);

  private static final boolean AVAILABLE = load();

  private Opus() {}

  /** The first time this loads the library; when there is none, the log says so, once. */
  public static boolean isAvailable() {
    return AVAILABLE;
  }

  private static boolean load() {
    try {
      new OpusDecoder(48_000).reset();
      return true;
    } catch (LinkageError | IllegalStateException e) {
      log.warn("no Opus library for this system: nothing can be mixed or measured", e);
      return false;
    }
  }
}
