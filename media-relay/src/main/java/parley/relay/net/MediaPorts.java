package parley.relay.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import parley.relay.turn.OwnMedia;

/** The media loops' ports, as a TURN server of the same process may send to them. */
final class MediaPorts implements OwnMedia {

  private final Set<InetSocketAddress> ports;

  /**
   * @param shown addresses that stand for the bound ones outside
   */
  MediaPorts(List<InetSocketAddress> bound, List<InetAddress> shown) {
    Set<InetSocketAddress> all = new HashSet<>(bound);
    for (InetAddress address : shown) {
      bound.forEach(local -> all.add(new InetSocketAddress(address, local.getPort())));
    }
    ports = Set.copyOf(all);
  }

  @Override
  public Set<InetAddress> addresses() {
    return ports.stream().map(InetSocketAddress::getAddress).collect(Collectors.toSet());
  }

  @Override
  public boolean isPort(InetSocketAddress peer) {
    return ports.contains(peer);
  }

  @Override
  public boolean deliver(
      InetSocketAddress from, InetSocketAddress to, byte[] data, int offset, int lengthBytes) {
    return false;
  }
}
