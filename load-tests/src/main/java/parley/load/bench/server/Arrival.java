package parley.load.bench.server;

import parley.load.bench.media.Leg;

/**
 * Somebody who is about to hear a room: signed in, but not yet asked for media.
 *
 * @param leg where he will hear
 * @param begin offers and connects; returns when there are keys
 */
public record Arrival(Leg leg, Step begin) {

  /** What may fail. */
  @FunctionalInterface
  public interface Step {
    void run() throws Exception;
  }
}
