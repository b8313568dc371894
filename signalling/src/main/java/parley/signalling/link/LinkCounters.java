package parley.signalling.link;

import io.micrometer.core.instrument.MeterRegistry;

/** What goes wrong on links, counted by reason. */
final class LinkCounters {

  private final MeterRegistry metrics;

  LinkCounters(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  void count(String reason) {
    metrics.counter("parley.signalling.link.faults", "reason", reason).increment();
  }
}
