package parley.signalling.server;

import java.time.Duration;
import java.util.List;
import parley.stun.IceServers;

/**
 * How clients are let in.
 *
 * @param host address to listen on
 * @param port 0: any free one
 * @param allowedOrigins other web origins whose pages may use a signed-in session
 * @param demoToLoopbackOnly whether only this machine's own names for itself are served, because
 *     everyone knows the tokens
 * @param ping how often each socket is pinged; one that is silent for two pings is dead
 * @param features what clients are told
 * @param limits how much is taken from whom
 */
public record ServerSettings(
    String host,
    int port,
    List<String> allowedOrigins,
    boolean demoToLoopbackOnly,
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
    this(host, port, allowedOrigins, demoToLoopbackOnly, ping, features, LimitSettings.defaults());
  }

  /**
   * @param maxParticipants 0: no limit
   * @param allowAdminMute only administrators may mute everyone else in a group
   * @param mediaPort UDP port of the first media loop
   */
  public record Features(
      boolean onlyOneDevicePerCall,
      int maxParticipants,
      boolean allowAdminMute,
      IceServers iceServers,
      int mediaPort,
      Duration resend,
      Duration afkAge) {

    /** What clients get that have signed in, and reach this node by this name. */
    IceServers iceServersAt(String host) {
      return iceServers.orNode(host, mediaPort);
    }

    /** What everyone gets: nothing that credentials are needed for. */
    IceServers iceServersForAnyoneAt(String host) {
      return iceServers.withoutCredentials().orNode(host, mediaPort);
    }
  }
}
