package parley.load.bench.turn;

/** What the bench can find out; each by itself fits into a few quiet minutes. */
public enum Figure {
  /** How many are made in a second, and what one takes of memory. */
  ALLOCATIONS,
  /** CPU and latency at given rates. */
  RELAYING,
  /** Packets a second that are relayed without loss. */
  MOST
}
