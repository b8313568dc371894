package parley.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

/**
 * The relay's metrics, all named {@code parley.relay.…}.
 *
 * <pre>
 * packets, bytes      {direction in|out}  datagrams through the media ports
 * drops               {reason}            see {@link Drop}
 * legs                {outcome}           see {@link LegOutcome}
 * calls, peers                            now
 * loop.lag            {loop}              how late a media loop's timer ran
 * commands.refused                        commands lost because a loop's inbox was full
 * </pre>
 */
public final class RelayMetrics {

  private static final String PREFIX = "parley.relay.";

  private final MeterRegistry registry;
  private final List<LoopMeter> loops = new CopyOnWriteArrayList<>();
  private final Counter commandsRefused;

  public RelayMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.commandsRefused = Counter.builder(PREFIX + "commands.refused").register(registry);
    total("packets", "direction", "in", LoopMeter::packetsIn);
    total("packets", "direction", "out", LoopMeter::packetsOut);
    total("bytes", "direction", "in", LoopMeter::bytesIn);
    total("bytes", "direction", "out", LoopMeter::bytesOut);
    for (Drop reason : Drop.values()) {
      total("drops", "reason", reason.label(), loop -> loop.drops(reason));
    }
    for (LegOutcome outcome : LegOutcome.values()) {
      total("legs", "outcome", outcome.label(), loop -> loop.legs(outcome));
    }
    Gauge.builder(PREFIX + "calls", this, metrics -> metrics.sum(LoopMeter::calls))
        .register(registry);
    Gauge.builder(PREFIX + "peers", this, metrics -> metrics.sum(LoopMeter::peers))
        .register(registry);
  }

  /** A new media loop begins to count. */
  public LoopMeter loop(int index) {
    Timer lag =
        Timer.builder(PREFIX + "loop.lag").tag("loop", Integer.toString(index)).register(registry);
    LoopMeter meter = new LoopMeter(lag);
    loops.add(meter);
    return meter;
  }

  public void commandRefused() {
    commandsRefused.increment();
  }

  /** All loops together. */
  public long drops(Drop reason) {
    return sum(loop -> loop.drops(reason));
  }

  /** All loops together. */
  public long legs(LegOutcome outcome) {
    return sum(loop -> loop.legs(outcome));
  }

  private void total(String name, String tag, String value, ToLongFunction<LoopMeter> count) {
    FunctionCounter.builder(PREFIX + name, this, metrics -> metrics.sum(count))
        .tag(tag, value)
        .register(registry);
  }

  private long sum(ToLongFunction<LoopMeter> count) {
    long sum = 0;
    for (LoopMeter loop : loops) {
      sum += count.applyAsLong(loop);
    }
    return sum;
  }
}
