package parley.signalling.gateway;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;

/**
 * Finds out whether a client that says nothing is still there: asks it, if the chat server does
 * not. Owned by the socket's event loop.
 */
final class Heartbeat {

  private final byte[] payload =
      ("parley " + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII);
  private final long silenceNs;
  private long heardNs;
  private long askedNs;
  private boolean isLeaving;

  /**
   * @param silence after so long it is asked, and given one and a half times as long to answer
   */
  Heartbeat(Duration silence, long nowNs) {
    this.silenceNs = silence.toNanos();
    this.heardNs = nowNs;
    this.askedNs = nowNs - 1;
  }

  void heard(long nowNs) {
    heardNs = nowNs;
  }

  /** Whether a pong is the answer to a ping of ours, which is nobody else's business. */
  boolean isAnswer(byte[] pong) {
    return Arrays.equals(pong, payload);
  }

  /** Whether it was asked long ago and has said nothing since. */
  boolean isDead(long nowNs) {
    return !isLeaving && askedNs - heardNs > 0 && nowNs - askedNs > silenceNs + silenceNs / 2;
  }

  /** Asks, when it is time to. */
  void ask(Function<Buffer, Future<Void>> write, long nowNs) {
    if (isLeaving || askedNs - heardNs > 0 || nowNs - heardNs < silenceNs) {
      return;
    }
    isLeaving = true;
    // The time counts from when it has left: before, the client reads slowly, which is no death.
    write
        .apply(Frames.ping(payload))
        .onComplete(
            v -> {
              isLeaving = false;
              askedNs = System.nanoTime();
            });
  }
}
