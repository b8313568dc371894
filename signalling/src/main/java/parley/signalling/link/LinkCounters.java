package parley.signalling.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What goes wrong on links, counted by reason. */
final class LinkCounters {

  private static final List<String> REASONS =
      List.of("token", "no_hello", "violation", "slow_reader");

  private final MeterRegistry metrics;

  LinkCounters(MeterRegistry metrics) {
    this.metrics = metrics;
    for (String reason : REASONS) {
      Counter _ = counter(reason); // there from the start, for who scrapes
    }
  }

  private Counter counter(String reason) {
    return metrics.counter("parley.signalling.link.faults", "reason", reason);
  }

  void count(String reason) {
    counter(reason).increment();
  }
}
