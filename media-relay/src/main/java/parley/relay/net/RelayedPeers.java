package parley.relay.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Peers of media loops that are relayed addresses of this process's TURN server: what is for them
 * does not take the kernel's way. Any thread.
 */
final class RelayedPeers {

  private final List<InetAddress> shown;
  private final boolean loopback;
  private volatile @Nullable TurnLoop turn;

  /**
   * @param shown the addresses by which clients know the media ports, where not as they are bound
   * @param loopback whether clients know 127.0.0.1 as it is, all the same
   */
  RelayedPeers(List<InetAddress> shown, boolean loopback) {
    this.shown = List.copyOf(shown);
    this.loopback = loopback;
  }

  /** A TURN server has begun, or ended (null). */
  void served(@Nullable TurnLoop by) {
    turn = by;
  }

  /** False: send it through the kernel. */
  boolean take(
      InetSocketAddress from, InetSocketAddress to, byte[] data, int offset, int lengthBytes) {
    TurnLoop loop = turn;
    return loop != null
        && loop.hasRelayed(to)
        && loop.inbox().offer(seen(from), to, data, offset, lengthBytes);
  }

  /** As clients know it: that is the peer for whom their channels are. */
  private InetSocketAddress seen(InetSocketAddress bound) {
    InetAddress address = bound.getAddress();
    if (!loopback || !address.isLoopbackAddress()) {
      for (InetAddress outside : shown) {
        if (outside instanceof Inet4Address == address instanceof Inet4Address) {
          return new InetSocketAddress(outside, bound.getPort());
        }
      }
    }
    return bound;
  }
}
