package parley.signalling.cluster;

/**
 * How a node is, as it says every third of a lease.
 *
 * @param version of what it says to others; see {@link NodeFrame#VERSION}
 * @param region where it stands; calls are placed near those who begin them
 * @param draining whether it takes no more calls, because it is about to end
 * @param leaving whether it has ended its calls and ends
 * @param cpu of the machine, 0 to 1; below 0: not known
 * @param calls that it owns
 * @param devices in these calls
 * @param sessions sockets that it holds
 * @param lease revision of its lease when it said this; 0: it had none
 * @param mediaLess whether it has no relay, so that no call runs there; nodes that know nothing of
 *     roles do not say it, and have one
 */
public record NodeStatus(
    NodeId id,
    int version,
    String region,
    boolean draining,
    boolean leaving,
    double cpu,
    int calls,
    int devices,
    int sessions,
    long lease,
    boolean mediaLess) {

  /** Whether a call may go there. */
  public boolean takesCalls() {
    return !mediaLess && !draining && !leaving;
  }

  /** The same, with another lease. */
  NodeStatus withLease(long revision) {
    return new NodeStatus(
        id, version, region, draining, leaving, cpu, calls, devices, sessions, revision, mediaLess);
  }
}
