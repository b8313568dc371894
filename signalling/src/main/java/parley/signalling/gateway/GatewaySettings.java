package parley.signalling.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How the gateway stands in front of its chat server.
 *
 * @param upstream the chat server: http or https, maybe with a path that goes before each request's
 * @param keepHost whether the chat server is told the host that the client asked for; else its own
 * @param recordCalls whether calls are recorded of which the chat server does not say it
 * @param remember for how long people whom the chat server let in may come back while it is away
 * @param allowedOrigins other web origins whose pages may come with a cookie while it is away
 * @param ping how often a silent client is pinged
 */
public record GatewaySettings(
    URI upstream,
    boolean keepHost,
    boolean recordCalls,
    Duration remember,
    List<String> allowedOrigins,
    Duration ping) {

  public GatewaySettings {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
