package parley.relay.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/** The media ports of this very node: always reachable, whatever the policy says. */
public interface OwnMedia {

  /** A node that only relays. */
  OwnMedia NONE =
      new OwnMedia() {
        @Override
        public Set<InetAddress> addresses() {
          return Set.of();
        }

        @Override
        public boolean isPort(InetSocketAddress peer) {
          return false;
        }

        @Override
        public boolean deliver(
            InetSocketAddress from,
            InetSocketAddress to,
            byte[] data,
            int offset,
            int lengthBytes) {
          return false;
        }
      };

  /** Where they are, as clients are told and as they are bound. */
  Set<InetAddress> addresses();

  /** Whether a media loop listens there, as clients are told or as it is bound. */
  boolean isPort(InetSocketAddress peer);

  /**
   * Hands a datagram over in process.
   *
   * @param from the relayed address it would have come from
   * @return false: send it through the kernel instead
   */
  boolean deliver(
      InetSocketAddress from, InetSocketAddress to, byte[] data, int offset, int lengthBytes);
}
