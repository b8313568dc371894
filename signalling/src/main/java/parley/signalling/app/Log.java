package parley.signalling.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged. */
final class Log {

  private Log() {}

  /** Of our own lines; libraries stay at warnings. */
  static void level(String name) {
    if (LoggerFactory.getLogger("parley") instanceof Logger own) {
      own.setLevel(Level.toLevel(name));
    }
  }
}
