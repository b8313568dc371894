package parley.signalling.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** How much is logged, and in which form. */
final class Log {

  /** The one appender of {@code logback.xml}. */
  private static final String APPENDER = "out";

  private Log() {}

  /** As it is set. */
  static void set(AppConfig.Logging logging) {
    level(logging.level());
    if (logging.format().equals(AppConfig.Logging.JSON)
        && LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
        && root.getAppender(APPENDER) instanceof OutputStreamAppender<ILoggingEvent> out) {
      var lines = new JsonLines();
      lines.setContext(root.getLoggerContext());
      lines.start();
      out.setEncoder(lines);
    }
  }

  /** Of our own lines; libraries stay at warnings. */
  static void level(String name) {
    if (LoggerFactory.getLogger("parley") instanceof Logger own) {
      own.setLevel(Level.toLevel(name));
    }
  }
}
