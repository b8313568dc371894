package parley.signalling.app;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.signalling.health.HealthDesk;
import parley.signalling.health.Subject;

/**
 * All that a node counts, and the ways it leaves: as text for Prometheus, pushed by OTLP where that
 * is set. {@code deploy/METRICS.md} tells of each metric; a test keeps it true.
 */
final class Metrics implements AutoCloseable {

  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MeterRegistry registry;
  private final List<AutoCloseable> parts = new ArrayList<>();

  Metrics(MetricsConfig config, String version) {
    MeterRegistry all = prometheus;
    if (!config.otlp().isEmpty()) {
      all = new CompositeMeterRegistry().add(prometheus).add(otlp(config));
    }
    this.registry = all;
    all.config().meterFilter(new SeriesLimit());
    var collections = new JvmGcMetrics();
    parts.add(collections);
    List<MeterBinder> process =
        List.of(
            collections,
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics());
    process.forEach(each -> each.bindTo(registry));
    Gauge.builder("parley.build", () -> 1).tag("version", version).register(registry);
  }

  private static OtlpMeterRegistry otlp(MetricsConfig config) {
    OtlpConfig how =
        new OtlpConfig() {
          @Override
          public @Nullable String get(String key) {
            return null;
          }

          @Override
          public String url() {
            return config.otlp();
          }

          @Override
          public Duration step() {
            return Duration.ofSeconds(config.otlpEveryS());
          }

          @Override
          public Map<String, String> headers() {
            return config.headers();
          }

          @Override
          public Map<String, String> resourceAttributes() {
            return Map.of("service.name", "parley");
          }
        };
    return new OtlpMeterRegistry(how, Clock.SYSTEM);
  }

  MeterRegistry registry() {
    return registry;
  }

  /** As Prometheus reads them. Any thread; takes some milliseconds. */
  String text() {
    return prometheus.scrape();
  }

  /** Whether each thing that is looked after is well. */
  void watch(HealthDesk health) {
    for (Subject subject : health.subjects()) {
      Gauge.builder("parley.health", health, desk -> desk.isWell(subject) ? 1 : 0)
          .description("1: nothing is wrong with it")
          .tag("check", subject.label())
          .register(registry);
    }
    Gauge.builder("parley.ready", health, desk -> desk.now().isReady() ? 1 : 0)
        .description("1: new calls may be brought here")
        .register(registry);
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
    registry.close();
  }
}
