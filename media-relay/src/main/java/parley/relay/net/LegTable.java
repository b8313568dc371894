package parley.relay.net;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose a datagram is. Only a peer's own offer adds a user name fragment, and only a check that
 * proved to know its password adds an address: strangers cannot make it grow. Owned by one media
 * loop.
 */
final class LegTable {

  private final Map<String, Leg> byUfrag = new HashMap<>();
  private final Map<InetSocketAddress, Leg> byRemote = new HashMap<>();

  @Nullable Leg ofUfrag(String localUfrag) {
    return byUfrag.get(localUfrag);
  }

  @Nullable Leg at(InetSocketAddress remote) {
    return byRemote.get(remote);
  }

  void addUfrag(String localUfrag, Leg leg) {
    byUfrag.put(localUfrag, leg);
  }

  void removeUfrag(String localUfrag) {
    byUfrag.remove(localUfrag);
  }

  /**
   * A leg proved that it sends from this address. Another's stays another's while that one is heard
   * from: a check with a forged source address must not take its media away. A new leg of the same
   * device takes over at once.
   *
   * @return whether what comes from there now is this leg's
   */
  boolean claim(InetSocketAddress remote, Leg leg, long nowNs) {
    Leg owner = byRemote.get(remote);
    if (owner == leg) {
      return true;
    }
    if (owner != null && owner.seat() != leg.seat() && owner.isHeard(nowNs)) {
      return false;
    }
    byRemote.put(remote, leg);
    return true;
  }

  /** Gives the address up, unless it has become another's. */
  void release(InetSocketAddress remote, Leg leg) {
    byRemote.remove(remote, leg);
  }

  int addresses() {
    return byRemote.size();
  }

  int ufrags() {
    return byUfrag.size();
  }
}
