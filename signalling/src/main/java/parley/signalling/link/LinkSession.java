package parley.signalling.link;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import parley.signalling.call.SessionId;
import parley.signalling.link.LinkMessage.Calls;
import parley.signalling.link.LinkMessage.Opened;
import parley.signalling.link.LinkMessage.Send;
import parley.signalling.session.Allowance;
import parley.signalling.session.Link;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.ServerEvent;

/**
 * One socket that a chat server keeps. Owned by the links' thread; what {@link Link} has may come
 * from any.
 */
final class LinkSession implements Link {

  /** A client that joins a call says an offer and some twenty candidates at once. */
  private static final int EVENTS_AT_ONCE = 200;

  private static final int EVENTS_PER_SECOND = 50;

  /** Faults that are forgiven at once, and each second; honest clients make few. */
  private static final int FAULTS_AT_ONCE = 200;

  private static final int FAULTS_PER_SECOND = 10;

  /** What a client says while its team is looked up: no more than it may say at once. */
  static final int MOST_WAITING = EVENTS_AT_ONCE;

  private final ChatLink link;
  private final Opened announced;
  private final SessionId id;
  private final LinkSurroundings around;
  private final Deque<String> waiting = new ArrayDeque<>();
  private final Allowance events;
  private final Allowance faults;
  private final Allowance rateWarnings;
  private Runnable unwatch = () -> {};
  private boolean known;
  private boolean over;

  LinkSession(ChatLink link, Opened announced, SessionId id, LinkSurroundings around, long nowNs) {
    this.link = link;
    this.announced = announced;
    this.id = id;
    this.around = around;
    this.events = new Allowance(EVENTS_AT_ONCE, EVENTS_PER_SECOND, nowNs);
    this.faults = new Allowance(FAULTS_AT_ONCE, FAULTS_PER_SECOND, nowNs);
    this.rateWarnings = new Allowance(1, 1, nowNs);
  }

  SessionId id() {
    return id;
  }

  /** As the chat server calls it. */
  String name() {
    return announced.session();
  }

  Opened announced() {
    return announced;
  }

  /** Whether it was closed, or shown out. */
  boolean isOver() {
    return over;
  }

  /**
   * Calls know of it now; what it said meanwhile is heard.
   *
   * @param whenOver runs once at its end
   */
  void opened(Runnable whenOver) {
    known = true;
    unwatch = whenOver;
    long nowNs = System.nanoTime();
    for (String frame = waiting.poll(); frame != null && !over; frame = waiting.poll()) {
      onFrame(frame, nowNs);
    }
  }

  /**
   * It is over, for whatever reason.
   *
   * @return whether calls know of it and are to be told
   */
  boolean end() {
    over = true;
    waiting.clear();
    unwatch.run();
    unwatch = () -> {};
    return known;
  }

  /** Its client said something, of which the events of calls are ours. */
  void onFrame(String frame, long nowNs) {
    if (!known) {
      if (waiting.size() < MOST_WAITING) {
        waiting.add(frame);
      } else {
        warn("the server is too busy; send this again later");
      }
      return;
    }
    Decoded decoded = around.events().decode(frame);
    if (!isOurs(decoded)) {
      around.counters().count("foreign_event");
      return; // the chat server answers its own
    }
    if (!events.take(1, nowNs)) {
      if (rateWarnings.take(1, nowNs)) {
        warn("too many events at once; this one and those that follow too soon are not read");
      }
      fault(nowNs);
    } else if (!around.calls().fromClient(id, decoded, frame.length())) {
      warn("the server is too busy; send this again later");
    } else if (decoded instanceof Decoded.Rejected) {
      fault(nowNs);
    }
  }

  private static boolean isOurs(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Accepted accepted ->
          accepted.event() instanceof ClientEvent.OfCall
              || accepted.event() instanceof ClientEvent.Confirm;
      case Decoded.Rejected rejected ->
          rejected.orig() != null
              && rejected.orig().path("event").asText().startsWith("client.call.");
    };
  }

  private void fault(long nowNs) {
    around.counters().count("fault");
    if (!faults.take(1, nowNs)) {
      link.dismiss(this, "too many messages that cannot be read");
    }
  }

  private void warn(String message) {
    send(around.events().encode(new ServerEvent.Warning(message, null)));
  }

  @Override
  public boolean send(String text) {
    link.say(new Send(List.of(name()), text));
    return true; // a link that cannot keep up ends, and all its sessions with it
  }

  @Override
  public void calls(List<OnlineCall> calls) {
    link.say(new Calls(List.of(name()), calls));
  }

  @Override
  public void close(int code, String reason) {
    link.closeLater(this, reason);
  }
}
