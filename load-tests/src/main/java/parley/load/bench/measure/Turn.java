package parley.load.bench.measure;

/**
 * One turn of one server.
 *
 * @param expected packets that should have arrived, at all listeners together
 * @param heard packets that did, decrypted and unchanged
 * @param wrong packets that arrived changed, unauthentic or at the wrong place
 * @param listenersShort how many listeners did not hear exactly what they should have
 * @param userNs the server's own CPU time
 * @param systemNs the kernel's for it
 * @param windowNs how long the turn took
 * @param otherNs CPU time of everybody else on the server's processor
 * @param p50Ns latency, from the stamp to the listener
 * @param generatorBusyNs how long the generator worked
 * @param generatorLateNs by how much it sent a packet too late, at worst
 */
public record Turn(
    long expected,
    long heard,
    long wrong,
    int listenersShort,
    long userNs,
    long systemNs,
    long windowNs,
    long otherNs,
    long p50Ns,
    long p99Ns,
    long p999Ns,
    long generatorBusyNs,
    long generatorLateNs) {

  /** Others took more of the server's processor than this: the turn says little. */
  private static final double MAX_OTHERS = 0.04;

  /** A packet was sent a whole frame too late: the generator was held up. */
  private static final long MAX_LATE_NS = 20_000_000L;

  /** All that was sent arrived, and nothing else. */
  public boolean isExact() {
    return heard == expected && wrong == 0 && listenersShort == 0;
  }

  /** Something else than what was measured was going on. */
  public boolean isNoisy() {
    return otherNs > MAX_OTHERS * windowNs || generatorLateNs > MAX_LATE_NS;
  }

  /** Share of packets that did not arrive. */
  public double lost() {
    return 1 - (double) heard / expected;
  }

  public double userUs() {
    return userNs / 1000.0 / heard;
  }

  public double systemUs() {
    return systemNs / 1000.0 / heard;
  }

  /** Microseconds of CPU for each packet that arrived. */
  public double cpuUs() {
    return userUs() + systemUs();
  }

  public double packetsPerSecond() {
    return heard * 1e9 / windowNs;
  }
}
