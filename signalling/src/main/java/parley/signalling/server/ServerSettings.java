package parley.signalling.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.stun.IceServer;
import parley.stun.IceServers;

/**
 * How clients are let in.
 *
 * @param host address to listen on
 * @param port 0: any free one
 * @param allowedOrigins other web origins whose pages may use a signed-in session
 * @param demoToLoopbackOnly whether only this machine's own names for itself are served, because
 *     everyone knows the tokens
 * @param sockets whether clients connect here; else this node's HTTP is for whoever runs it
 * @param ping how often each socket is pinged; one that is silent for two pings is dead
 * @param features what clients are told
 * @param limits how much is taken from whom
 */
public record ServerSettings(
    String host,
    int port,
    List<String> allowedOrigins,
    boolean demoToLoopbackOnly,
    boolean sockets,
    Duration ping,
    Features features,
    LimitSettings limits) {

  public ServerSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  /** With the usual limits. */
  public ServerSettings(
      String host,
      int port,
      List<String> allowedOrigins,
      boolean demoToLoopbackOnly,
      Duration ping,
      Features features) {
    this(
        host,
        port,
        allowedOrigins,
        demoToLoopbackOnly,
        true,
        ping,
        features,
        LimitSettings.defaults());
  }

  /**
   * @param maxParticipants 0: no limit
   * @param allowAdminMute only administrators may mute everyone else in a group
   * @param mediaPort UDP port of the first media loop; 0: calls run on other nodes
   */
  public record Features(
      boolean onlyOneDevicePerCall,
      int maxParticipants,
      boolean allowAdminMute,
      IceServers iceServers,
      int mediaPort,
      Duration resend,
      Duration afkAge) {

    /**
     * What a client gets that reaches this node by this name.
     *
     * @param user who has signed in; null: nobody known, who is told of nothing that wants
     *     credentials
     * @param region null: none is named
     */
    List<IceServer> iceServersFor(String host, @Nullable String user, @Nullable String region) {
      return iceServers.forClient(host, mediaPort, user, region, Instant.now());
    }
  }
}
