package parley.signalling.webhook;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import parley.signalling.wire.TeamId;

/**
 * Where events are sent to. The operator has named it, so any address will do, also a private one.
 *
 * @param name stays the same when the URL changes: what is waiting then goes to the new one
 * @param secrets every request is signed with each, so that a receiver can go from one to the next
 * @param events types that are sent; empty: all
 * @param teams whose calls are told of; empty: all
 */
public record WebhookEndpoint(
    String name, URI url, List<WebhookSecret> secrets, Set<WebhookType> events, Set<TeamId> teams) {

  /** Part of metrics and of names in the outbox. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  /**
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public WebhookEndpoint {
    secrets = List.copyOf(secrets);
    events = Set.copyOf(events);
    teams = Set.copyOf(teams);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is \"" + name + "\"; right would be letters, digits, - and _, at most 40");
    }
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
      throw new IllegalArgumentException(
          "url of "
              + name
              + " is not what events can be sent to; right would be like"
              + " https://chat.example/parley-events, without a user or a #");
    }
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException(
          name + " has no secrets: nobody could tell our events from forged ones");
    }
  }

  boolean wants(WebhookType type, TeamId team) {
    return (events.isEmpty() || events.contains(type)) && (teams.isEmpty() || teams.contains(team));
  }

  /** The header {@code webhook-signature}. */
  String signatures(String id, long timestamp, byte[] body) {
    return secrets.stream()
        .map(secret -> secret.sign(id, timestamp, body))
        .collect(Collectors.joining(" "));
  }

  @Override
  public String toString() {
    return "WebhookEndpoint[" + name + "]"; // a URL may hold what only the two sides should know
  }
}
