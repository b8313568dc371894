package parley.signalling.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The moment at which the loop's thread handles something, for those steps that begin elsewhere and
 * come back to it. Owned by the {@link CallLoop}.
 */
final class Moment {
  private final Executor loop;
  private long nowNs;

  /**
   * @param loop runs a step on the loop's thread, soon
   */
  Moment(Executor loop) {
    this.loop = loop;
  }

  void is(long ns) {
    nowNs = ns;
  }

  long nowNs() {
    return nowNs;
  }

  Executor loop() {
    return loop;
  }

  /** Goes on with what came of it: at once when it is there already. */
  <T extends @Nullable Object> void then(
      CompletableFuture<T> asked, BiConsumer<@Nullable T, @Nullable Throwable> step) {
    if (asked.isDone()) {
      boolean good = !asked.isCompletedExceptionally();
      step.accept(good ? asked.join() : null, good ? null : asked.exceptionNow());
    } else {
      var _ = asked.whenComplete((value, e) -> loop.execute(() -> step.accept(value, e)));
    }
  }
}
