package parley.signalling.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.ServerEvent;

/**
 * Events that a client has not confirmed yet. Each is sent again every resend interval until it is
 * confirmed, has become stale, or was sent often enough.
 */
final class Unconfirmed {

  /** A client that stays silent so often does not speak this part of the protocol. */
  static final int MOST_SENDS = 5;

  /** Calls that ring or answer at the same time on one socket; more is no real use. */
  static final int MOST_EVENTS = 64;

  private static final class Waiting {
    final ServerEvent event;
    final String text;
    long dueNs;
    int sends = 1;

    Waiting(ServerEvent event, String text, long dueNs) {
      this.event = event;
      this.text = text;
      this.dueNs = dueNs;
    }
  }

  private final long intervalNs;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  Unconfirmed(long intervalNs) {
    this.intervalNs = intervalNs;
  }

  /** An event was sent for the first time. */
  void add(String confirmId, ServerEvent event, String text, long nowNs) {
    if (waiting.size() >= MOST_EVENTS) {
      var oldest = waiting.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
    waiting.put(confirmId, new Waiting(event, text, nowNs + intervalNs));
  }

  void confirmed(String confirmId) {
    waiting.remove(confirmId);
  }

  /** Forgets what must not arrive any more now that a newer event is sent. */
  void supersede(ServerEvent newer) {
    waiting.values().removeIf(old -> isStale(old.event, newer));
  }

  /** The next text to send again; null when nothing is due. */
  @Nullable String pollDue(long nowNs) {
    var each = waiting.values().iterator();
    while (each.hasNext()) {
      Waiting next = each.next();
      if (next.dueNs > nowNs) {
        continue;
      }
      if (next.sends >= MOST_SENDS) {
        each.remove();
        continue;
      }
      next.sends++;
      next.dueNs = nowNs + intervalNs;
      return next.text;
    }
    return null;
  }

  long nextNs() {
    long next = Long.MAX_VALUE;
    for (Waiting each : waiting.values()) {
      next = Math.min(next, each.dueNs);
    }
    return next;
  }

  int size() {
    return waiting.size();
  }

  /** A late repeat of a buzz must not ring again after its cancel, nor an old answer undo a new. */
  private static boolean isStale(ServerEvent old, ServerEvent newer) {
    CallId call = callOf(old);
    if (call == null) {
      return false;
    }
    return switch (newer) {
      case ServerEvent.CallBuzzCancel cancel ->
          cancel.uid().equals(call) && old instanceof ServerEvent.CallBuzz;
      case ServerEvent.CallAnswer answer ->
          answer.uid().equals(call)
              && (old instanceof ServerEvent.CallAnswer || old instanceof ServerEvent.CallRestart);
      case ServerEvent.CallRestart restart -> restart.uid().equals(call);
      case ServerEvent.CallState state -> state.finish() != null && state.uid().equals(call);
      default -> false;
    };
  }

  private static @Nullable CallId callOf(ServerEvent event) {
    return switch (event) {
      case ServerEvent.CallBuzz buzz -> buzz.uid();
      case ServerEvent.CallAnswer answer -> answer.uid();
      case ServerEvent.CallRestart restart -> restart.uid();
      default -> null;
    };
  }
}
