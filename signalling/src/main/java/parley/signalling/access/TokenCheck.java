package parley.signalling.access;

import java.util.concurrent.CompletableFuture;

/** Says whose a token is. Any thread. */
public interface TokenCheck extends AutoCloseable {

  /**
   * Looks at a token as a client sent it; never blocks, and the answer is always a verdict.
   *
   * @param token at most a few thousand characters
   */
  CompletableFuture<Verdict> check(String token);

  @Override
  default void close() {}
}
