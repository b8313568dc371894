package parley.signalling.servers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import parley.stun.doctor.Finding;

/**
 * The doctor, asked over HTTP: one examination at a time, on a thread of its own. Who asks while
 * one is under way, or just after, is told what that one finds: a page that asks again and again
 * does not keep the node busy, nor those whose servers are tried. Any thread.
 */
public final class Examination {

  /** So long what was found is told again. */
  static final Duration FRESH = Duration.ofSeconds(10);

  /**
   * When much is wrong an examination waits for many answers in vain. Nobody is kept waiting longer
   * than a request may last; whoever asks again meets the same examination.
   */
  private static final long PATIENCE_S = 50;

  private final Supplier<List<Finding>> doctor;
  private @Nullable CompletableFuture<List<Finding>> latest;
  private long doneNs;

  /**
   * @param doctor takes up to a minute or two, and blocks
   */
  public Examination(Supplier<List<Finding>> doctor) {
    this.doctor = doctor;
  }

  /** What is found; fails with a timeout when it takes too long. */
  synchronized CompletableFuture<List<Finding>> findings(long nowNs) {
    CompletableFuture<List<Finding>> known = latest;
    if (known == null || (known.isDone() && nowNs - doneNs >= FRESH.toNanos())) {
      known = new CompletableFuture<>();
      latest = known;
      CompletableFuture<List<Finding>> begun = known;
      Thread.ofPlatform().daemon().name("doctor").start(() -> examine(begun));
    }
    return known.copy().orTimeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  private void examine(CompletableFuture<List<Finding>> begun) {
    try {
      List<Finding> found = doctor.get();
      done();
      begun.complete(found);
    } catch (Throwable e) { // whatever it was, somebody waits for an answer
      done();
      begun.completeExceptionally(e);
    }
  }

  private synchronized void done() {
    doneNs = System.nanoTime();
  }
}
