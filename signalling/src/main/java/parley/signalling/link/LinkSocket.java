package parley.signalling.link;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of a chat server. Its frames cross from its own event loop to the links' thread, a
 * bounded number at a time; everything else happens there.
 */
final class LinkSocket implements Connection {

  private static final Logger log = LoggerFactory.getLogger(LinkSocket.class);

  /** Frames on their way to the links' thread; the chat server waits while there are more. */
  private static final int MOST_CROSSING = 1_024;

  /** Written and not yet taken by the network: what a fast one takes in some milliseconds. */
  private static final int WINDOW_BYTES = 1 << 20;

  /** A reader that takes nothing for so long has stopped. */
  private static final long STALLED_NS = Duration.ofSeconds(10).toNanos();

  private static final short POLICY = 1008;
  private static final short UNSUPPORTED_DATA = 1003;
  private static final int TOO_BIG = 1009;

  private final ServerWebSocket ws;
  private final Context context;
  private final LinkLoop thread;
  private final LinkCounters counters;
  private final AtomicInteger crossing = new AtomicInteger();
  private @Nullable ChatLink link;
  private int unsentBytes;
  private long progressNs;
  private boolean closing;

  /** Of the socket's event loop. */
  private long heardNs;

  /** On the socket's event loop. */
  LinkSocket(Vertx vertx, ServerWebSocket ws, LinkLoop thread, LinkCounters counters) {
    this.ws = ws;
    this.context = vertx.getOrCreateContext();
    this.thread = thread;
    this.counters = counters;
    this.heardNs = System.nanoTime();
  }

  /**
   * Takes frames from now on; on the socket's event loop.
   *
   * @param said hears each text, on the links' thread
   * @param gone runs once at the end, on the links' thread
   */
  void begin(Vertx vertx, Duration ping, BiConsumer<LinkSocket, String> said, Runnable gone) {
    ws.exceptionHandler(this::onViolation);
    ws.pongHandler(data -> heardNs = System.nanoTime());
    ws.textMessageHandler(
        text -> {
          heardNs = System.nanoTime();
          if (crossing.incrementAndGet() == MOST_CROSSING) {
            ws.pause();
          }
          thread.run(() -> onText(text, said));
        });
    ws.binaryMessageHandler(
        bytes -> thread.run(() -> onViolation(UNSUPPORTED_DATA, "a message is a text")));
    long timer = vertx.setPeriodic(ping.toMillis(), t -> onPingTime(ping));
    ws.closeHandler(
        v -> {
          vertx.cancelTimer(timer);
          thread.run(gone);
        });
  }

  /** Frames that break RFC 6455, or are larger than any message; nothing after them is read. */
  private void onViolation(Throwable e) {
    if (e instanceof CorruptedWebSocketFrameException corrupted) {
      WebSocketCloseStatus status = corrupted.closeStatus();
      thread.run(() -> onViolation(status.code(), status.reasonText()));
    } else if (e instanceof IllegalStateException) {
      thread.run(() -> onViolation(TOO_BIG, "larger than any message")); // in several frames
    } else {
      log.debug("a link's socket: {}", e.toString());
    }
  }

  /** On the next connection it would come again: the stream cannot go on. */
  private void onViolation(int code, String reason) {
    counters.count("violation");
    if (link != null) {
      link.end(code, reason);
    } else {
      close(code, reason);
    }
  }

  private void onText(String text, BiConsumer<LinkSocket, String> said) {
    if (crossing.getAndDecrement() == MOST_CROSSING / 2) {
      onSocket(ws::resume);
    }
    said.accept(this, text);
  }

  private void onPingTime(Duration ping) {
    long nowNs = System.nanoTime();
    if (nowNs - heardNs > 2 * ping.toNanos()) {
      thread.run(() -> close(POLICY, "no answer to pings"));
    } else if (!ws.isClosed()) {
      ws.writePing(Buffer.buffer());
    }
    thread.run(() -> look(nowNs));
  }

  private void look(long nowNs) {
    if (!hasRoom() && nowNs - progressNs > STALLED_NS) {
      counters.count("slow_reader");
      close(TOO_SLOW, "reads too slowly; to be resumed");
    }
  }

  /** Null before hello. */
  @Nullable ChatLink link() {
    return link;
  }

  void link(ChatLink now) {
    link = now;
  }

  @Override
  public void send(String text) {
    if (closing || ws.isClosed()) {
      return; // it is said again on the next connection
    }
    if (unsentBytes == 0) {
      progressNs = System.nanoTime();
    }
    unsentBytes += text.length();
    try {
      ws.writeTextMessage(text).onComplete(sent -> thread.run(() -> onSent(text.length())));
    } catch (RejectedExecutionException e) {
      log.trace("the server has stopped");
    }
  }

  private void onSent(int bytes) {
    boolean full = !hasRoom();
    unsentBytes -= bytes;
    progressNs = System.nanoTime();
    if (full && hasRoom() && link != null) {
      link.transmit();
    }
  }

  @Override
  public boolean hasRoom() {
    return unsentBytes < WINDOW_BYTES;
  }

  @Override
  public void close(int code, String reason) {
    if (!closing) {
      closing = true;
      log.info("a link's connection is closed: {} {}", code, reason);
      onSocket(() -> ws.close((short) code, reason)); // Vert.x closes on its own thread only
    }
  }

  private void onSocket(Runnable step) {
    try {
      context.runOnContext(v -> step.run());
    } catch (RejectedExecutionException e) {
      log.trace("the server has stopped");
    }
  }
}
