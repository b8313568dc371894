package parley.relay.api;

import java.net.InetSocketAddress;

/**
 * The HTTP server behind the TURN server's TLS port: gets the connections there that do not speak
 * TURN, with TLS taken off. Called on the TURN server's thread; must not block.
 */
public interface WebBehind {

  /** Where it listens; on this machine. */
  InetSocketAddress address();

  /**
   * A connection to it is a client's.
   *
   * @param localPort it comes from, at this machine's end
   * @param client as the TLS port sees it
   */
  void connected(int localPort, InetSocketAddress client);

  /** That connection has ended. */
  void closed(int localPort);
}
