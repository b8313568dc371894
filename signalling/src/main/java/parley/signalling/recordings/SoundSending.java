package parley.signalling.recordings;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends bytes that are asked for in part (RFC 9110 §14), as fast as whoever asked takes them: a
 * virtual thread reads, the event loop writes, and no more than one piece waits.
 */
final class SoundSending {

  private static final Logger log = LoggerFactory.getLogger(SoundSending.class);

  private static final int PIECE = 64 << 10;

  /** Who takes nothing for so long has gone, or stopped: a player asks anew. */
  private static final long PATIENCE_S = 60;

  private SoundSending() {}

  /** On the event loop; the type is set. */
  static void begin(RoutingContext context, Sound sound) {
    HttpServerResponse response = context.response();
    ByteRange range;
    try {
      range = ByteRange.of(context.request().getHeader("range"), sound.length());
    } catch (Refusal refusal) {
      Reply reply = Reply.refused(refusal);
      response
          .setStatusCode(reply.status())
          .putHeader("content-range", "bytes */" + sound.length())
          .putHeader(HttpHeaders.CONTENT_TYPE, reply.type())
          .end(Buffer.buffer(reply.body()));
      return;
    }
    response
        .setStatusCode(range.part() ? 206 : 200)
        .putHeader("accept-ranges", "bytes")
        .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(range.bytes()));
    if (range.part()) {
      String part = "bytes " + range.from() + "-" + range.to() + "/" + sound.length();
      response.putHeader("content-range", part);
    }
    if (HttpMethod.HEAD.equals(context.request().method())) {
      response.end();
      return;
    }
    Context loop = context.vertx().getOrCreateContext();
    Thread.startVirtualThread(() -> send(response, loop, sound, range));
  }

  private static void send(
      HttpServerResponse response, Context loop, Sound sound, ByteRange range) {
    try (InputStream in = sound.open(range.from())) {
      long left = range.bytes();
      while (left > 0 && !response.closed()) {
        byte[] piece = in.readNBytes((int) Math.min(PIECE, left));
        if (piece.length == 0) {
          throw new IOException("it is shorter than it was");
        }
        left -= piece.length;
        write(response, loop, piece);
      }
      if (left == 0) {
        loop.runOnContext(v -> response.end());
      }
    } catch (IOException | TimeoutException | ExecutionException e) {
      if (!response.closed()) {
        log.warn("audio of a recording was not sent to its end: {}", e.toString());
        loop.runOnContext(v -> response.reset()); // else it would pass for whole
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(HttpServerResponse response, Context loop, byte[] piece)
      throws InterruptedException, ExecutionException, TimeoutException {
    var taken = new CompletableFuture<Boolean>();
    loop.runOnContext(
        v ->
            response
                .write(Buffer.buffer(piece))
                .onComplete(
                    done -> {
                      if (done.succeeded()) {
                        taken.complete(true);
                      } else {
                        taken.completeExceptionally(done.cause());
                      }
                    }));
    taken.get(PATIENCE_S, TimeUnit.SECONDS);
  }
}
