package parley.stun;

import java.util.List;

/**
 * The STUN and TURN servers that clients are told to use, in the order in which they should try
 * them.
 */
public record IceServers(List<IceServer> servers) {

  public IceServers {
    servers = List.copyOf(servers);
  }

  /** Those that everyone may be told of. */
  public IceServers withoutCredentials() {
    return new IceServers(
        servers.stream()
            .filter(server -> server.username().isEmpty() && server.credential().isEmpty())
            .toList());
  }

  /**
   * What clients get that reach this node as {@code host}: those configured, or else the node
   * itself. Clients insist on at least one entry, although the relay's own addresses are in every
   * answer.
   *
   * @param host name or address, IPv6 in brackets, without a port
   * @param mediaPort UDP port of the first media loop
   */
  public IceServers orNode(String host, int mediaPort) {
    return servers.isEmpty()
        ? new IceServers(List.of(new IceServer("stun:" + host + ":" + mediaPort, "", "")))
        : this;
  }
}
