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

  /** Says something of a call; what the context was before, it is again afterwards. */
  public static void about(CallId call, Runnable line) {
    String before = MDC.get(CALL);
    MDC.put(CALL, call.shortForm());
    try {
      line.run();
    } finally {
      if (before == null) {
        MDC.remove(CALL);
      } else {
        MDC.put(CALL, before);
      }
    }
  }
}
