package parley.signalling.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Carries text between nodes. At most once: what must arrive is said again by whoever says it (see
 * {@link NodeStream}). What one node publishes arrives at each other node in the order it was
 * published. Any thread; nothing blocks.
 */
public interface Bus extends AutoCloseable {

  /**
   * Says something to whoever listens.
   *
   * @return false when it is lost for certain: nobody can be reached, or too much waits
   */
  boolean publish(String subject, String text);

  /**
   * Listens from now on, also after the bus was away.
   *
   * @param handler called on one thread of the bus, in order; must not block
   */
  void subscribe(String subject, Consumer<Received> handler);

  /**
   * Asks whoever listens there.
   *
   * @return the first answer; fails with {@link BusUnavailable} when there is none in time
   */
  CompletableFuture<String> request(String subject, String text, Duration deadline);

  /** What all nodes agree on. */
  Leases leases();

  /** Whether others can be reached, as far as is known. */
  boolean isUp();

  @Override
  void close();

  /** What was said, and how to answer it. */
  interface Received {
    String text();

    /** Answers; nothing happens when nobody asked. */
    void reply(String text);
  }
}
