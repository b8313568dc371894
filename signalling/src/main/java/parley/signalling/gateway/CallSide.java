package parley.signalling.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.directory.Team;
import parley.signalling.server.SocketFault;
import parley.signalling.session.Allowance;
import parley.signalling.session.Arrival;
import parley.signalling.session.CallLoop;
import parley.signalling.session.Link;
import parley.signalling.session.Reach;
import parley.signalling.wire.ClientEvent;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.Jid;
import parley.signalling.wire.OnlineCall;
import parley.signalling.wire.ServerEvent;

/**
 * The calls' part of a client's socket: its call events on the way to the {@link CallLoop}, and
 * what calls have to say on the way back. Owned by the socket's event loop; {@link Link}'s methods
 * may come from any thread.
 *
 * <pre>
 * WAITING ─open─► OPEN ─close─► CLOSED
 *    └─strange─► STRANGE ─open─┘
 * </pre>
 */
final class CallSide implements Link {

  private static final Logger log = LoggerFactory.getLogger(CallSide.class);

  /** Several hundred events, or an answer for a minute's worth of a slow mobile link. */
  static final int MAX_UNSENT_BYTES = 1 << 20;

  /** A client that joins a call sends an offer and some twenty candidates at once. */
  private static final int EVENTS_AT_ONCE = 200;

  private static final int EVENTS_PER_SECOND = 50;

  /** Offer and candidates of two calls, while it is asked who their sender is. */
  private static final int MOST_WAITING = 100;

  private static final int MAX_WAITING_BYTES = 512 << 10;

  /** A loop that has too much to do is given time to do it. */
  static final long TELL_AGAIN_MS = 500;

  private static final int TRY_LATER = 1013;

  private enum State {
    /** It is asked who this is; events wait. */
    WAITING,
    OPEN,
    /** Nobody says who this is. */
    STRANGE,
    CLOSED
  }

  /** The socket, as calls see it. On its event loop. */
  interface Outlet {
    /**
     * Puts a message into the stream when there is a place for it.
     *
     * @param sent runs when it has left, or never will
     */
    void weave(byte[] utf8, Runnable sent);

    void shut(int code, String reason);

    /** Shows these in {@code server.online}. */
    void online(List<OnlineCall> calls);
  }

  private record Waiting(Decoded frame, int bytes) {}

  private final Context context;
  private final Visitor visitor;
  private final Outlet outlet;
  private final CallLoop loop;
  private final EventCodec codec;
  private final MeterRegistry metrics;
  private final Allowance events;
  private final Allowance rateWarnings;
  private final AtomicInteger unsentBytes = new AtomicInteger();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private State state = State.WAITING;
  private @Nullable Jid user;

  CallSide(
      Context context,
      Visitor visitor,
      Outlet outlet,
      CallLoop loop,
      EventCodec codec,
      MeterRegistry metrics,
      long nowNs) {
    this.context = context;
    this.visitor = visitor;
    this.outlet = outlet;
    this.loop = loop;
    this.codec = codec;
    this.metrics = metrics;
    this.events = new Allowance(EVENTS_AT_ONCE, EVENTS_PER_SECOND, nowNs);
    this.rateWarnings = new Allowance(1, 1, nowNs);
  }

  // --- who it is

  /** This is who it is; what waited goes on. */
  void open(Team team, Jid contact) {
    if (state == State.CLOSED || state == State.OPEN) {
      return;
    }
    var arrival = new Arrival(team, contact, visitor.device(), visitor.base(), this, Reach.CALLS);
    if (!loop.opened(arrival)) {
      outlet.shut(TRY_LATER, "the server is too busy");
      return;
    }
    user = contact;
    state = State.OPEN;
    drain();
  }

  /** Nobody says who it is. */
  void strange() {
    if (state == State.WAITING) {
      state = State.STRANGE;
      drain();
    }
  }

  /** It is asked again. */
  void askAgain() {
    if (state == State.STRANGE) {
      state = State.WAITING;
    }
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isStrange() {
    return state == State.STRANGE;
  }

  @Nullable Jid user() {
    return user;
  }

  /** The socket is gone. */
  void closed() {
    boolean known = state == State.OPEN;
    state = State.CLOSED;
    waiting.clear();
    if (known) {
      untilTaken(() -> loop.closed(visitor.device().session()));
    }
  }

  /** Until it is taken: a session that is never closed would stay for ever. */
  void untilTaken(BooleanSupplier tell) {
    if (!tell.getAsBoolean()) {
      context.owner().setTimer(TELL_AGAIN_MS, t -> untilTaken(tell));
    }
  }

  // --- from the client

  /**
   * An event that is for us.
   *
   * @param hold whether it waits for something else that was asked; {@link #drain} ends that
   */
  void fromClient(Decoded frame, int bytes, boolean hold, long nowNs) {
    if (!events.take(1, nowNs)) {
      SocketFault.RATE.count(metrics);
      if (rateWarnings.take(1, nowNs)) {
        warn("too many events at once; this one and those that follow too soon are not read");
      }
      return;
    }
    if (state == State.WAITING || hold || !waiting.isEmpty()) {
      if (waiting.size() >= MOST_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES) {
        warn("the server is too busy; send this again later");
        return;
      }
      waiting.add(new Waiting(frame, bytes));
      waitingBytes += bytes;
    } else {
      deliver(frame, bytes);
    }
  }

  /** What waited goes on. */
  void drain() {
    if (state == State.WAITING) {
      return;
    }
    waitingBytes = 0;
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      deliver(next.frame(), next.bytes());
    }
  }

  private void deliver(Decoded frame, int bytes) {
    switch (state) {
      case OPEN -> {
        if (!loop.fromClient(visitor.device().session(), frame, bytes)) {
          warn("the server is too busy; send this again later");
        }
      }
      case STRANGE -> refuse(frame);
      case WAITING, CLOSED -> {}
    }
  }

  private void refuse(Decoded frame) {
    String confirmId = frame.confirmId();
    if (confirmId != null) {
      say(new ServerEvent.Confirm(confirmId));
    }
    switch (frame) {
      case Decoded.Accepted accepted when accepted.event() instanceof ClientEvent.OfCall event ->
          say(ServerEvent.Warning.about(event, "access denied"));
      case Decoded.Accepted accepted -> {}
      case Decoded.Rejected rejected -> say(rejected.warning());
    }
  }

  private void warn(String message) {
    say(new ServerEvent.Warning(message, null));
  }

  void say(ServerEvent event) {
    send(codec.encode(event));
  }

  // --- to the client, from any thread

  @Override
  public boolean send(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (unsentBytes.addAndGet(utf8.length) > MAX_UNSENT_BYTES) {
      SocketFault.SLOW_READER.count(metrics);
      return false;
    }
    onLoop(() -> outlet.weave(utf8, () -> unsentBytes.addAndGet(-utf8.length)));
    return true;
  }

  @Override
  public void close(int code, String reason) {
    onLoop(() -> outlet.shut(code, reason));
  }

  @Override
  public void calls(List<OnlineCall> calls) {
    onLoop(() -> outlet.online(calls));
  }

  private void onLoop(Runnable then) {
    try {
      context.runOnContext(v -> then.run());
    } catch (RejectedExecutionException e) {
      log.trace("session {}: the server has stopped", visitor.shortForm());
    }
  }
}
