package parley.signalling.servers;

import java.util.function.IntSupplier;

/**
 * How an operator has a node end: it takes no more calls, hands those it has to other nodes, and
 * its process ends. Any thread.
 *
 * @param others nodes that are there to take calls over
 * @param handoverS how long handing over may take, in seconds
 * @param begin returns at once
 */
public record Ending(IntSupplier others, int handoverS, Runnable begin) {

  /** Of a node that is part of another program, which ends it. */
  static Ending none() {
    return new Ending(() -> 0, 0, () -> {});
  }
}
