package parley.stun.doctor;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.stun.IceServer;

/**
 * What is examined.
 *
 * @param advertised media addresses that clients are told instead of those bound; empty: those
 *     bound
 * @param bound media addresses
 * @param mediaPort UDP port of the first media loop; 0: calls run on other nodes
 * @param servers what a client is told, with credentials that are good now
 * @param ownName host name of this node's own TURN server and certificate; empty: none of its own
 * @param certificate file; empty: no TLS
 * @param key file
 * @param recordings folder
 * @param spool folder of webhooks that wait; null: none
 * @param firstRelayPort 0: no TURN server of its own
 * @param files handles that a full house needs
 * @param stun {@code host:port} of a STUN server elsewhere; empty: none
 * @param ntp host of a time server; empty: none
 */
public record Installation(
    List<InetAddress> advertised,
    List<InetAddress> bound,
    int mediaPort,
    List<IceServer> servers,
    String ownName,
    String certificate,
    String key,
    Path recordings,
    @Nullable Path spool,
    int firstRelayPort,
    int lastRelayPort,
    long files,
    String stun,
    String ntp) {

  public Installation {
    advertised = List.copyOf(advertised);
    bound = List.copyOf(bound);
    servers = List.copyOf(servers);
  }

  /** The media addresses that clients are told. */
  List<InetAddress> told() {
    return advertised.isEmpty() ? bound : advertised;
  }

  /** Whether this node's own TURN server should be there. */
  boolean isOwn(TurnUri uri) {
    return firstRelayPort != 0
        && (uri.host().equals(ownName)
            || told().stream().anyMatch(address -> address.getHostAddress().equals(uri.host())));
  }

  /** A UDP port that is taken while the node runs; 0: there is none. */
  int takenPort() {
    return mediaPort != 0
        ? mediaPort
        : servers.stream()
            .map(server -> TurnUri.parse(server.urls()))
            .filter(uri -> uri.transport() == TurnUri.Transport.UDP && isOwn(uri))
            .mapToInt(TurnUri::port)
            .findFirst()
            .orElse(0);
  }
}
