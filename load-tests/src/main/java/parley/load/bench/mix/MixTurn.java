package parley.load.bench.mix;

/**
 * One turn of one server.
 *
 * @param people in the room
 * @param contented how many of them heard exactly the others' tones
 * @param userNs the server's own CPU time
 * @param systemNs the kernel's for it
 * @param windowNs how long the turn took
 * @param otherNs CPU time of everybody else on the server's processor
 * @param heard packets that the server sent
 * @param generatorLateNs by how much a packet was sent too late, at worst
 */
record MixTurn(
    int people,
    int contented,
    long userNs,
    long systemNs,
    long windowNs,
    long otherNs,
    long heard,
    long generatorLateNs) {

  /** Others took more of the server's processor than this: the turn says little. */
  private static final double MAX_OTHERS = 0.06;

  private static final long MAX_LATE_NS = 30_000_000L;

  boolean isNoisy() {
    return otherNs > MAX_OTHERS * windowNs || generatorLateNs > MAX_LATE_NS;
  }

  /** Milliseconds of CPU that each participant costs in a second. */
  double cpuMs() {
    return (userNs + systemNs) / 1e6 / people / (windowNs / 1e9);
  }

  /** The server's share of its processor. */
  double load() {
    return (double) (userNs + systemNs) / windowNs;
  }
}
