package parley.relay.net;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The connections of a TURN server, and how many there may be. Owned by its loop. */
final class TurnConnections {

  /** An office behind one address; each has one connection, or a few while it tries. */
  private static final int PER_ADDRESS = 512;

  /** Time enough for a handshake and an allocation on a bad line. */
  private static final long UNUSED_NS = Duration.ofSeconds(60).toNanos();

  private final int most;
  private final Set<TurnConnection> open = new LinkedHashSet<>();
  private final Map<InetAddress, Integer> perAddress = new HashMap<>();

  TurnConnections(int most) {
    this.most = most;
  }

  boolean hasRoomFor(InetAddress client) {
    return open.size() < most && perAddress.getOrDefault(client, 0) < PER_ADDRESS;
  }

  void opened(TurnConnection connection) {
    if (open.add(connection)) {
      perAddress.merge(connection.client().getAddress(), 1, Integer::sum);
    }
  }

  void closed(TurnConnection connection) {
    if (open.remove(connection)) {
      perAddress.computeIfPresent(
          connection.client().getAddress(), (_, count) -> count > 1 ? count - 1 : null);
    }
  }

  /** Those that have had time and made no use of it, since they were opened or used last. */
  List<TurnConnection> unused(long nowNs, Predicate<TurnConnection> isUsed) {
    List<TurnConnection> unused = new ArrayList<>();
    for (TurnConnection connection : open) {
      if (isUsed.test(connection)) {
        connection.used(nowNs);
      } else if (nowNs - connection.usedNs() >= UNUSED_NS) {
        unused.add(connection);
      }
    }
    return unused;
  }

  List<TurnConnection> all() {
    return List.copyOf(open);
  }

  int size() {
    return open.size();
  }
}
