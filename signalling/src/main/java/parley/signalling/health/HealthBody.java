package parley.signalling.health;

import java.util.List;

/**
 * Health in an answer.
 *
 * @param status ready, degraded, not_ready or stuck
 */
public record HealthBody(String status, boolean live, boolean ready, List<Reason> reasons) {

  /** One of what is wrong. */
  public record Reason(String check, String sentence) {}

  /** All that is known: for who runs the node. */
  public static HealthBody whole(Health health) {
    return new HealthBody(
        health.state().label(),
        health.isLive(),
        health.isReady(),
        health.troubles().stream()
            .map(each -> new Reason(each.subject().label(), each.sentence()))
            .toList());
  }

  /** For everybody: what a node's trouble is, is nobody else's business. */
  public static HealthBody brief(Health health) {
    return new HealthBody(health.state().label(), health.isLive(), health.isReady(), List.of());
  }
}
