package parley.relay.turn;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens the sockets that face the peers. */
public interface RelaySockets {

  /**
   * Binds a socket; what it receives goes to {@link TurnServer#onPeerDatagram} with this relay.
   *
   * @return null if the port cannot be had
   */
  @Nullable RelaySocket open(InetSocketAddress local, Relay relay);

  /** Whether the DF bit can be set (RFC 8656 §7.2, DONT-FRAGMENT). */
  boolean canForbidFragments();
}
