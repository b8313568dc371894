package parley.relay;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import parley.relay.recording.RecorderMeter;

/**
 * The recorder's metrics, all named {@code parley.recording.…}.
 *
 * <pre>
 * running                                      calls that are being recorded now
 * lag                                          how long packets waited at worst of late
 * packets.dropped                              the recorder did not come by in time
 * missing           {why}                      seconds that should be in closed recordings
 * closed            {result complete|stopped}  recordings
 * </pre>
 */
public final class RecordingMetrics {

  private static final String PREFIX = "parley.recording.";

  private RecordingMetrics() {}

  /** What the recorder counts is there to be read. */
  public static void register(MeterRegistry registry, RecorderMeter meter) {
    Gauge.builder(PREFIX + "running", meter, RecorderMeter::running).register(registry);
    TimeGauge.builder(PREFIX + "lag", meter, TimeUnit.NANOSECONDS, RecorderMeter::lagNs)
        .register(registry);
    FunctionCounter.builder(PREFIX + "packets.dropped", meter, RecorderMeter::packetsDropped)
        .register(registry);
    for (String why : RecorderMeter.causes()) {
      FunctionCounter.builder(PREFIX + "missing", meter, each -> each.missingS(why))
          .tag("why", why)
          .baseUnit("seconds")
          .register(registry);
    }
    for (RecorderMeter.Result result : RecorderMeter.Result.values()) {
      FunctionCounter.builder(PREFIX + "closed", meter, each -> each.closed(result))
          .tag("result", result.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }
}
