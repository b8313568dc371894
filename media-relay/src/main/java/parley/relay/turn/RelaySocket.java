package parley.relay.turn;

import java.net.InetSocketAddress;

/** A UDP socket that faces the peers. */
public interface RelaySocket {

  /**
   * Sends to a peer. Never blocks; what cannot be sent is lost. The bytes are the sender's again
   * when this returns.
   *
   * @param dontFragment with the DF bit set; only if {@link RelaySockets#canForbidFragments}
   */
  void send(InetSocketAddress peer, byte[] data, int offset, int lengthBytes, boolean dontFragment);

  void close();
}
