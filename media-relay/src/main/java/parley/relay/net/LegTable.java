package parley.relay.net;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.srtp.PacketBuffer;

/**
 * Whose a datagram is. Only a peer's own offer adds a user name fragment, only a check that proved
 * to know its password or media that proved genuine adds an address, and only the latter an SSRC,
 * one for each leg: strangers cannot make it grow. Owned by one media loop.
 */
final class LegTable {

  private final Map<String, Leg> byUfrag = new HashMap<>();
  private final Map<InetSocketAddress, Leg> byRemote = new HashMap<>();
  private final Map<Integer, Leg> bySsrc = new HashMap<>();

  @Nullable Leg ofUfrag(String localUfrag) {
    return byUfrag.get(localUfrag);
  }

  @Nullable Leg at(InetSocketAddress remote) {
    return byRemote.get(remote);
  }

  /**
   * Media from an address that is nobody's: a NAT may have given one of ours another. Its SSRC says
   * whose it would be; whether it is, that leg's keys tell. Null when it is nobody's, or too many
   * have been tried.
   */
  @Nullable Leg ofStranger(PacketBuffer rtp, long nowNs) {
    Leg leg = bySsrc.get(MediaOrder.ssrc(rtp));
    return leg != null && leg.triesStranger(nowNs) ? leg : null;
  }

  /** A packet of this SSRC proved to be the leg's; nobody else's is replaced. */
  void addSsrc(int ssrc, Leg leg) {
    bySsrc.putIfAbsent(ssrc, leg);
  }

  void removeSsrc(int ssrc, Leg leg) {
    bySsrc.remove(ssrc, leg);
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
