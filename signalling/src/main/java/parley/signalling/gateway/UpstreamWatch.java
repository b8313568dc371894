package parley.signalling.gateway;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for a chat server that is away to come back, and lets those who wait for it go to it a
 * few at a time: a thousand at once would take it down again. Any thread.
 */
final class UpstreamWatch {

  private static final Logger log = LoggerFactory.getLogger(UpstreamWatch.class);

  private static final long LOOK_MS = 500;

  /** Two hundred a second. */
  private static final int AT_ONCE = 20;

  private static final long PACE_MS = 100;

  private final Vertx vertx;
  private final Upstream upstream;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean looking;

  UpstreamWatch(Vertx vertx, Upstream upstream) {
    this.vertx = vertx;
    this.upstream = upstream;
  }

  /** Runs once when the chat server is there again; may come in vain, to be asked for again. */
  void whenBack(Runnable then) {
    synchronized (waiting) {
      waiting.add(then);
      if (looking) {
        return;
      }
      looking = true;
    }
    log.warn("the chat server is away: calls go on, its people wait");
    vertx.setTimer(LOOK_MS, t -> look());
  }

  private void look() {
    upstream
        .isThere()
        .onComplete(
            there -> {
              if (there.succeeded() && there.result()) {
                log.info("the chat server is back");
                letGo(count());
              } else {
                vertx.setTimer(LOOK_MS, t -> look());
              }
            });
  }

  private int count() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  /** Those who came since it was looked for wait for the next look: it may be away again. */
  private void letGo(int left) {
    for (int i = 0; i < Math.min(left, AT_ONCE); i++) {
      Runnable next;
      synchronized (waiting) {
        next = waiting.poll();
      }
      if (next != null) {
        next.run();
      }
    }
    if (left > AT_ONCE) {
      vertx.setTimer(PACE_MS, t -> letGo(left - AT_ONCE));
      return;
    }
    synchronized (waiting) {
      looking = !waiting.isEmpty();
      if (!looking) {
        return;
      }
    }
    vertx.setTimer(LOOK_MS, t -> look());
  }
}
