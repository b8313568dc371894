package parley.signalling.servers;

import java.util.List;
import java.util.function.Supplier;
import parley.signalling.health.HealthDesk;

/**
 * How a node can be watched from outside.
 *
 * @param metrics all of them as Prometheus reads them; takes some milliseconds
 * @param state what it is busy with
 */
public record Watch(HealthDesk health, Supplier<String> metrics, Supplier<NodeState> state) {

  /** Prometheus' text format. */
  public static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Of a process that only has health and metrics. */
  public static Watch of(HealthDesk health, Supplier<String> metrics) {
    return new Watch(health, metrics, NodeState::nothing);
  }

  /** Of a node that nobody watches. */
  public static Watch none() {
    return new Watch(new HealthDesk(List.of(), () -> false), () -> "", NodeState::nothing);
  }
}
