package parley.signalling.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What goes wrong on clients' sockets, counted by reason. */
public enum SocketFault {
  /** A message larger than any event. */
  OVERSIZED,
  /** One that went on being too large. */
  ENDLESS,
  /** More events than a client has to send. */
  RATE,
  /** A text that is no event. */
  REJECTED,
  /** A client that does not read what it is sent. */
  SLOW_READER,
  /** Bytes that are no WebSocket frames. */
  VIOLATION,
  /** A client that no longer answers pings. */
  DEAD;

  /** All of them are there from the start, for who scrapes. */
  public static void register(MeterRegistry metrics) {
    for (SocketFault each : values()) {
      Counter _ = each.counter(metrics);
    }
  }

  private Counter counter(MeterRegistry metrics) {
    String reason = name().toLowerCase(Locale.ROOT);
    return metrics.counter("parley.signalling.socket.faults", "reason", reason);
  }

  public void count(MeterRegistry metrics) {
    counter(metrics).increment();
  }
}
