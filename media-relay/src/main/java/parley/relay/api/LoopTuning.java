package parley.relay.api;

import java.util.List;

/**
 * What media loops take of a machine that is theirs alone, for less and steadier latency.
 *
 * @param processors by Linux' numbers: loop i runs on the i-th of these and nowhere else, and from
 *     the first on again when there are fewer than loops; empty: wherever the kernel puts it
 * @param busyPollUs so long a loop goes on looking for packets after the last one before it sleeps,
 *     and sends what a packet causes at once; 0: it sleeps, and packets of a millisecond share a
 *     wake-up
 */
public record LoopTuning(List<Integer> processors, int busyPollUs) {

  /** Of a machine that does other things as well. */
  public static final LoopTuning NONE = new LoopTuning(List.of(), 0);

  public LoopTuning {
    processors = List.copyOf(processors);
  }

  /** The one that this loop is kept on; −1: any. */
  public int processor(int loop) {
    return processors.isEmpty() ? -1 : processors.get(loop % processors.size());
  }
}
