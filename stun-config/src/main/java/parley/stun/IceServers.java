package parley.stun;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
   * answers as a STUN server, and where there is none, so do the TURN servers, to everybody (RFC
   * 8656 §3).
   *
   * @param host name or address, IPv6 in brackets, without a port
   * @param mediaPort UDP port of the first media loop; 0: calls run on other nodes
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
    if (!told.isEmpty()) {
      return List.copyOf(told);
    }
    return mediaPort == 0
        ? chosen.stream().flatMap(IceServers::asStun).distinct().toList()
        : List.of(new IceServer("stun:" + host + ":" + mediaPort, "", ""));
  }

  private static Stream<IceServer> asStun(IceServerSource source) {
    String urls = source.urls();
    boolean udp = urls.startsWith("turn:") && !urls.endsWith("?transport=tcp");
    return udp
        ? Stream.of(new IceServer(urls.replaceFirst("^turn:([^?]*).*", "stun:$1"), "", ""))
        : Stream.empty();
  }
}
