package parley.relay.api;

import org.slf4j.MDC;

/**
 * Names in the diagnostic context of log lines (SLF4J's MDC), so that a program finds all lines of
 * a call. It is set around whatever is said of one call, and never a packet.
 */
public final class LogContext {

  /** {@link CallId#shortForm}, as in the lines themselves. */
  public static final String CALL = "call";

  private LogContext() {}

  /** Until it is closed lines are about this call; then about what they were before. */
  public static Open of(CallId call) {
    String before = MDC.get(CALL);
    MDC.put(CALL, call.shortForm());
    return before == null ? () -> MDC.remove(CALL) : () -> MDC.put(CALL, before);
  }

  /** Says something of a call. */
  public static void about(CallId call, Runnable line) {
    try (var _ = of(call)) {
      line.run();
    }
  }

  /** A context that lasts until it is closed. */
  @FunctionalInterface
  public interface Open extends AutoCloseable {
    @Override
    void close();
  }
}
