package parley.relay.turn;

import java.net.InetSocketAddress;

/** Where clients are: one bound UDP socket, or one TCP or TLS connection. */
public interface ClientLink {

  /** Whether messages follow each other on a stream: ChannelData is filled up to 32 bits there. */
  boolean isStream();

  /**
   * Sends to a client that was heard from on this link. Never blocks; what cannot be sent is lost.
   * The bytes are the sender's again when this returns.
   */
  void send(InetSocketAddress client, byte[] data, int offset, int lengthBytes);
}
