package parley.signalling.servers;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.signalling.audit.Access;
import parley.signalling.audit.AccessLog;

/** Does nothing with recordings that was not written down before. */
final class Audited {

  private static final Logger log = LoggerFactory.getLogger(Audited.class);

  /** The log waits for the disk. */
  private static final Executor WAITING = Thread::startVirtualThread;

  private final AccessLog accesses;
  private final Json json;

  Audited(AccessLog accesses, Json json) {
    this.accesses = accesses;
    this.json = json;
  }

  /**
   * Writes it down, does it, and writes down when it came to nothing.
   *
   * @param work begun only when the access stands in the log
   */
  CompletableFuture<Answer> run(Access access, Supplier<CompletableFuture<Answer>> work) {
    return CompletableFuture.supplyAsync(() -> written(access), WAITING)
        .thenCompose(
            written ->
                written
                    ? work.get().whenCompleteAsync((done, e) -> complain(access, done), WAITING)
                    : CompletableFuture.completedFuture(notWritten()));
  }

  private boolean written(Access access) {
    try {
      accesses.write(access);
      return true;
    } catch (IOException e) {
      log.error("{} by {} is refused: {}", access.what(), access.who(), e.getMessage());
      return false;
    }
  }

  private void complain(Access access, @Nullable Answer answer) {
    int status = answer == null ? 503 : answer.status();
    if (status >= 400) {
      written(access.refused("answered with " + status));
    }
  }

  private Answer notWritten() {
    String why = "it cannot be written into the audit log, so it is not done; the log says why";
    return Problem.of(Problem.Code.NOT_AUDITED, why).answer(json);
  }
}
