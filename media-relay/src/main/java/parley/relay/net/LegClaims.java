package parley.relay.net;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What of the {@link LegTable} is one leg's. Owned by that leg. */
final class LegClaims {

  /** A laptop with VPN, Wi-Fi and cable, each with IPv4 and IPv6, and some rebinding on top. */
  static final int MAX_REMOTES = 16;

  private final LegTable table;
  private final Leg leg;
  private final List<String> ufrags = new ArrayList<>(2);
  private final Deque<InetSocketAddress> remotes = new ArrayDeque<>(4);
  private int ssrc;

  LegClaims(LegTable table, Leg leg) {
    this.table = table;
    this.leg = leg;
  }

  /** One more user name fragment; those the agent has forgotten go. */
  void addUfrag(String ufrag, Predicate<String> stillOwned) {
    for (String old : List.copyOf(ufrags)) {
      if (!stillOwned.test(old)) {
        ufrags.remove(old);
        table.removeUfrag(old);
      }
    }
    ufrags.add(ufrag);
    table.addUfrag(ufrag, leg);
  }

  /**
   * The leg proved that it sends from this address.
   *
   * @param inUse never given up for a new one
   * @return false when it is another's that is heard from
   */
  boolean addRemote(InetSocketAddress remote, @Nullable InetSocketAddress inUse, long nowNs) {
    if (!table.claim(remote, leg, nowNs)) {
      return false;
    }
    if (remotes.contains(remote)) {
      return true;
    }
    remotes.addLast(remote);
    if (remotes.size() > MAX_REMOTES) {
      InetSocketAddress oldest = remotes.removeFirst();
      if (oldest.equals(inUse)) {
        remotes.addLast(oldest);
        oldest = remotes.removeFirst();
      }
      table.release(oldest, leg);
    }
    return true;
  }

  /** The leg's media has this SSRC now, and the one before no more. */
  void useSsrc(int next) {
    if (next == ssrc) {
      return;
    }
    table.removeSsrc(ssrc, leg);
    ssrc = next;
    table.addSsrc(next, leg);
  }

  void releaseAll() {
    table.removeSsrc(ssrc, leg);
    ufrags.forEach(table::removeUfrag);
    remotes.forEach(remote -> table.release(remote, leg));
    ufrags.clear();
    remotes.clear();
  }
}
