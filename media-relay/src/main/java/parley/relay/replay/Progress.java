package parley.relay.replay;

import java.io.IOException;

/** Is told how far slow work is. */
@FunctionalInterface
public interface Progress {

  /** Nobody looks. */
  Progress NONE = (share, step) -> {};

  /**
   * Some hundred times at most.
   *
   * @param share 0 to 1
   * @param step what is being done, like {@code mixing 4 tracks}
   * @throws IOException ends the work: nobody wants it any more
   */
  void at(double share, String step) throws IOException;

  /** The same for a part of this work. */
  default Progress part(double from, double to) {
    return (share, step) -> at(from + (to - from) * share, step);
  }
}
