package parley.stun;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The STUN and TURN servers that clients are told to use, in the order in which they should try
 * them.
 *
 * @param sources as the operator names them
 * @param own this node's TURN server; null: none
 * @param goodFor how long credentials are good that are made for a user
 */
public record IceServers(List<IceServerSource> sources, @Nullable OwnTurn own, Duration goodFor) {

  public IceServers {
    sources = List.copyOf(sources);
  }

  /** Servers with fixed credentials, or none. */
  public IceServers(List<IceServer> servers) {
    this(servers.stream().map(IceServerSource::of).toList(), null, Duration.ZERO);
  }

  /**
   * What a client gets that reaches this node as {@code host}: this node's TURN server, those of
   * its region if it names one that there is, and those for all regions. Clients insist on at least
   * one entry, although the relay's own addresses are in every answer: without any, the media port
   * answers as a STUN server.
   *
   * @param host name or address, IPv6 in brackets, without a port
   * @param mediaPort UDP port of the first media loop
   * @param user who has signed in; null: somebody unknown, who is told of no server that wants
   *     credentials
   * @param region null: the client names none
   */
  public List<IceServer> forClient(
      String host, int mediaPort, @Nullable String user, @Nullable String region, Instant now) {
    List<IceServerSource> chosen = new ArrayList<>();
    if (own != null) {
      chosen.addAll(own.sources(host));
    }
    boolean known =
        region != null && sources.stream().anyMatch(source -> source.region().equals(region));
    for (IceServerSource source : sources) {
      if (!known || source.region().isEmpty() || source.region().equals(region)) {
        chosen.add(source);
      }
    }
    Instant expires = now.plus(goodFor);
    List<IceServer> told = new ArrayList<>();
    for (IceServerSource source : chosen) {
      IceServer server = source.forUser(user, expires);
      if (server != null) {
        told.add(server);
      }
    }
    return told.isEmpty()
        ? List.of(new IceServer("stun:" + host + ":" + mediaPort, "", ""))
        : List.copyOf(told);
  }
}
