package parley.stun;

import java.util.ArrayList;
import java.util.List;

/**
 * The TURN server of this node.
 *
 * @param host name under which clients reach it, as its certificate has it; empty: the one by which
 *     they reached the pages
 * @param port of UDP and TCP
 * @param tlsPort 0: no TLS
 * @param secret credentials are made with; empty: clients are not told of this server, since its
 *     users have passwords of their own
 */
public record OwnTurn(String host, int port, int tlsPort, String secret) {

  /** In the order to try: UDP, then TCP, then TLS for networks that let nothing else out. */
  List<IceServerSource> sources(String reachedAs) {
    String name = host.isEmpty() ? reachedAs : host;
    List<IceServerSource> all = new ArrayList<>();
    all.add(new IceServerSource("stun:" + name + ":" + port, "", "", "", ""));
    if (!secret.isEmpty()) {
      all.add(turn("turn:" + name + ":" + port + "?transport=udp"));
      all.add(turn("turn:" + name + ":" + port + "?transport=tcp"));
      if (tlsPort != 0) {
        all.add(turn("turns:" + name + ":" + tlsPort + "?transport=tcp"));
      }
    }
    return all;
  }

  private IceServerSource turn(String uri) {
    return new IceServerSource(uri, "", "", secret, "");
  }

  @Override
  public String toString() {
    return "OwnTurn[" + host + ":" + port + "]";
  }
}
