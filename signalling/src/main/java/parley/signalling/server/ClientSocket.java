package parley.signalling.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.call.SessionId;
import parley.signalling.session.Allowance;
import parley.signalling.session.CallLoop;
import parley.signalling.session.Link;
import parley.signalling.wire.Decoded;
import parley.signalling.wire.EventCodec;
import parley.signalling.wire.ServerEvent;

/**
 * One WebSocket: frames in, decoded and limited, to the {@link CallLoop}; text out. Owned by its
 * event loop; {@link #send} and {@link #close} may come from any thread.
 */
final class ClientSocket implements Link {

  private static final Logger log = LoggerFactory.getLogger(ClientSocket.class);

  /** Several hundred events, or an answer for a minute's worth of a slow mobile link. */
  static final int MAX_UNSENT_BYTES = 1 << 20;

  /** A client that joins a call sends an offer and some twenty candidates at once. */
  private static final int EVENTS_AT_ONCE = 200;

  private static final int EVENTS_PER_SECOND = 50;

  /** Faults that are forgiven at once, and each second; honest clients make none. */
  private static final int FAULTS_AT_ONCE = 20;

  private static final int FAULTS_PER_SECOND = 1;

  /** An event of the right form that we do not know, or do not like, may be a newer client's. */
  private static final double SMALL_FAULT = 0.1;

  /** A message that goes on and on is nobody's mistake. */
  private static final double ENDLESS_FAULT = 5;

  /** A loop that has too much to do is given time to do it. */
  private static final long TELL_AGAIN_MS = 500;

  /** A client on a slow mobile link has the time to answer a close. */
  private static final long CLOSING_MS = 5_000;

  private static final short GOING_AWAY = 1001;
  private static final short POLICY = 1008;

  private final Vertx vertx;
  private final ServerWebSocket ws;
  private final TransportCut cut;
  private final SessionId id;
  private final EventCodec codec;
  private final CallLoop loop;
  private final MeterRegistry metrics;
  private final FrameAssembler assembler = new FrameAssembler(EventCodec.MAX_FRAME_BYTES);
  private final AtomicInteger unsentBytes = new AtomicInteger();
  private final Allowance events;
  private final Allowance faults;
  private final Allowance rateWarnings;
  private final Context context;
  private volatile boolean closing;
  private long heardNs;
  private long pingTimer;

  /** On the socket's event loop. */
  ClientSocket(
      Vertx vertx,
      ServerWebSocket ws,
      TransportCut cut,
      SessionId id,
      EventCodec codec,
      CallLoop loop,
      MeterRegistry metrics,
      long nowNs) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.ws = ws;
    this.cut = cut;
    this.id = id;
    this.codec = codec;
    this.loop = loop;
    this.metrics = metrics;
    this.events = new Allowance(EVENTS_AT_ONCE, EVENTS_PER_SECOND, nowNs);
    this.faults = new Allowance(FAULTS_AT_ONCE, FAULTS_PER_SECOND, nowNs);
    this.rateWarnings = new Allowance(1, 1, nowNs);
    this.heardNs = nowNs;
  }

  /**
   * Takes frames from now on.
   *
   * @param gone runs once when the socket is closed, for whatever reason
   */
  void begin(Duration ping, Runnable gone) {
    ws.pongHandler(data -> heardNs = System.nanoTime());
    ws.exceptionHandler(this::onViolation);
    ws.frameHandler(frame -> onFrame(frame, System.nanoTime()));
    // All on the socket's own thread: none of the handlers runs before the timer is set.
    ws.closeHandler(
        v -> {
          vertx.cancelTimer(pingTimer);
          tellClosed();
          gone.run();
        });
    pingTimer = vertx.setPeriodic(ping.toMillis(), t -> onPingTime(ping, System.nanoTime()));
  }

  /** Until the loop has taken it: a session that is never closed would be shown online for ever. */
  private void tellClosed() {
    if (!loop.closed(id)) {
      vertx.setTimer(TELL_AGAIN_MS, t -> tellClosed());
    }
  }

  @Override
  public boolean send(String text) {
    int size = text.length();
    if (closing || ws.isClosed()) {
      return true; // its end is on its way to the loop
    }
    // What waits already counts: one large text is nobody's fault.
    if (unsentBytes.getAndAdd(size) > MAX_UNSENT_BYTES) {
      count(SocketFault.SLOW_READER);
      return false;
    }
    try {
      ws.writeTextMessage(text).onComplete(sent -> unsentBytes.addAndGet(-size));
    } catch (RejectedExecutionException e) {
      log.trace("session {}: the server has stopped", id.shortForm());
    }
    return true;
  }

  @Override
  public void close(int code, String reason) {
    try {
      context.runOnContext(v -> closeHere(code, reason)); // Vert.x closes on its own thread only
    } catch (RejectedExecutionException e) {
      log.trace("session {}: the server has stopped", id.shortForm());
    }
  }

  private void closeHere(int code, String reason) {
    if (!closing && !ws.isClosed()) {
      closing = true;
      log.info("session {} is closed: {} {}", id.shortForm(), code, reason);
      ws.close((short) code, reason);
      // Who does not read will not read this either: his connection would stay as long as he talks.
      vertx.setTimer(CLOSING_MS, t -> cut.now());
    }
  }

  /** Frames that break RFC 6455, or are larger than any honest one; nothing after them is read. */
  private void onViolation(Throwable e) {
    if (e instanceof CorruptedWebSocketFrameException corrupted) {
      count(SocketFault.VIOLATION);
      WebSocketCloseStatus status = corrupted.closeStatus();
      closeHere(status.code(), status.reasonText());
    } else {
      log.debug("session {}: {}", id.shortForm(), e.toString());
    }
  }

  /** The server stops; the client may come back to another. */
  void goAway() {
    close(GOING_AWAY, "the server stops");
  }

  private void onPingTime(Duration ping, long nowNs) {
    if (nowNs - heardNs > 2 * ping.toNanos()) {
      count(SocketFault.DEAD);
      close(POLICY, "no answer to pings");
      loop.closed(id); // the closing handshake with a dead peer takes its time
      return;
    }
    if (!closing && !ws.isClosed()) {
      ws.writePing(Buffer.buffer());
    }
  }

  private void onFrame(WebSocketFrame frame, long nowNs) {
    heardNs = nowNs;
    if (closing || ws.isClosed()) {
      return; // what still comes from somebody who was shown out
    }
    if (frame.isPing()) {
      onPing(nowNs);
    }
    if (!frame.isText() && !frame.isBinary() && !frame.isContinuation()) {
      return; // pings, pongs and closes are Vert.x's to answer
    }
    switch (assembler.add(frame.binaryData().getBytes(), frame.isFinal())) {
      case MORE -> {}
      case TOO_LARGE -> {
        warn("the frame is too large; at most " + EventCodec.MAX_FRAME_BYTES + " bytes are read");
        fault(SocketFault.OVERSIZED, 1, nowNs);
      }
      case STILL_TOO_LARGE -> fault(SocketFault.ENDLESS, ENDLESS_FAULT, nowNs);
      case WHOLE -> onMessage(assembler.take(), nowNs);
    }
  }

  /** Each has been answered already, whether the client reads the answers or not. */
  private void onPing(long nowNs) {
    if (!events.take(1, nowNs)) {
      fault(SocketFault.RATE, SMALL_FAULT, nowNs);
    }
  }

  private void onMessage(byte[] utf8, long nowNs) {
    if (!events.take(1, nowNs)) {
      if (rateWarnings.take(1, nowNs)) {
        warn("too many events at once; this one and those that follow too soon are not read");
      }
      fault(SocketFault.RATE, SMALL_FAULT, nowNs);
      return;
    }
    Decoded decoded = codec.decode(utf8);
    if (!loop.fromClient(id, decoded, utf8.length)) {
      warn("the server is too busy; send this again later");
    }
    if (decoded instanceof Decoded.Rejected rejected) {
      fault(SocketFault.REJECTED, rejected.orig() == null ? 1 : SMALL_FAULT, nowNs);
    }
  }

  private void fault(SocketFault kind, double weight, long nowNs) {
    count(kind);
    if (!faults.take(weight, nowNs)) {
      close(POLICY, "too many messages that cannot be read");
    }
  }

  private void warn(String message) {
    send(codec.encode(new ServerEvent.Warning(message, null)));
  }

  private void count(SocketFault fault) {
    fault.count(metrics);
  }
}
