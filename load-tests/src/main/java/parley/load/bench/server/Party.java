package parley.load.bench.server;

import java.util.Arrays;
import java.util.List;

/**
 * All participants, connected.
 *
 * @param setupNs of each: from his first word to the server until there are keys for all his legs
 * @param joinsPerSecond that the server managed, those who came slowly left out
 */
public record Party(List<Seat> seats, long[] setupNs, double joinsPerSecond) {

  public Party {
    seats = List.copyOf(seats);
    setupNs = setupNs.clone();
  }

  /** The time that this share of all participants did not exceed. */
  public long setupNs(double share) {
    long[] sorted = setupNs.clone();
    Arrays.sort(sorted);
    int index = (int) Math.ceil(share * setupNs.length) - 1;
    return sorted[Math.clamp(index, 0, sorted.length - 1)];
  }
}
