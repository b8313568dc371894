package parley.relay.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import parley.relay.turn.OwnMedia;

/** The media loops' ports, as a TURN server of the same process reaches them. */
final class MediaPorts implements OwnMedia {

  private record Target(MediaLoop loop, InetSocketAddress bound) {}

  private final Map<InetSocketAddress, Target> ports = new HashMap<>();
  private final RelayedPeers back;

  /**
   * @param shown addresses that stand for the bound ones outside
   */
  MediaPorts(List<MediaLoop> loops, List<InetAddress> shown, RelayedPeers back) {
    this.back = back;
    for (MediaLoop loop : loops) {
      for (InetSocketAddress bound : loop.bound()) {
        Target target = new Target(loop, bound);
        ports.put(bound, target);
        for (InetAddress outside : shown) {
          if (outside instanceof Inet4Address == bound.getAddress() instanceof Inet4Address) {
            ports.putIfAbsent(new InetSocketAddress(outside, bound.getPort()), target);
          }
        }
      }
    }
  }

  /** What media loops have for relayed addresses goes there from now on. */
  void servedBy(@Nullable TurnLoop turn) {
    back.served(turn);
  }

  @Override
  public Set<InetAddress> addresses() {
    return ports.keySet().stream().map(InetSocketAddress::getAddress).collect(Collectors.toSet());
  }

  @Override
  public boolean isPort(InetSocketAddress peer) {
    return ports.containsKey(peer);
  }

  /** A full inbox loses the datagram: the kernel's way would not be a better one. */
  @Override
  public boolean deliver(
      InetSocketAddress from, InetSocketAddress to, byte[] data, int offset, int lengthBytes) {
    Target target = ports.get(to);
    if (target == null) {
      return false;
    }
    target.loop().deliver(from, target.bound(), data, offset, lengthBytes);
    return true;
  }
}
