package parley.signalling.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;
import parley.signalling.wire.Jid;
import parley.signalling.wire.ServerEvent;

/**
 * Events that a client has not confirmed yet. Each is sent again every resend interval, after a
 * while ever more seldom, until it is confirmed, has become stale, or the session ends.
 */
final class Unconfirmed {

  /**
   * A client that stays silent so often seems not to speak this part of the protocol: from then on
   * each pause is twice as long as the one before.
   */
  static final int QUICK_SENDS = 5;

  /** The longest pause is so many times doubled: at 5 s, some five minutes. */
  private static final int MOST_DOUBLINGS = 6;

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

  /** The client has answered the ring of this chat. */
  void answered(Jid jid) {
    waiting
        .values()
        .removeIf(old -> old.event instanceof ServerEvent.CallBuzz buzz && buzz.jid().equals(jid));
  }

  /** Forgets what must not arrive any more now that a newer event is sent. */
  void supersede(ServerEvent newer) {
    waiting.values().removeIf(old -> isStale(old.event, newer));
  }

  /** The next text to send again; null when nothing is due. */
  @Nullable String pollDue(long nowNs) {
    for (Waiting next : waiting.values()) {
      if (next.dueNs > nowNs) {
        continue;
      }
      next.sends++;
      int doublings = Math.clamp(next.sends - QUICK_SENDS, 0, MOST_DOUBLINGS);
      next.dueNs = nowNs + (intervalNs << doublings);
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
      case ServerEvent.CallLeave leave ->
          leave.uid().equals(call)
              && !(old instanceof ServerEvent.CallBuzz)
              && leave.jid().equals(jidOf(old));
      case ServerEvent.CallState state -> state.finish() != null && state.uid().equals(call);
      default -> false;
    };
  }

  /** The chat's; a leave with another one is somebody else's. */
  private static @Nullable Jid jidOf(ServerEvent event) {
    return switch (event) {
      case ServerEvent.CallAnswer answer -> answer.jid();
      case ServerEvent.CallRestart restart -> restart.jid();
      default -> null;
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
