package parley.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import parley.relay.api.Fault;

/**
 * The relay's metrics, all named {@code parley.relay.…}.
 *
 * <pre>
 * packets, bytes      {direction in|out}  datagrams through the media ports
 * drops               {reason}            see {@link Drop}
 * legs                {outcome}           see {@link LegOutcome}
 * legs.told           {fault}             legs that are over, by what there was to tell of them
 * legs.troubled       {fault}             now; faults that nobody intended
 * offers              {result}            accepted or refused
 * paths               {kind}              see {@link CandidateKind}
 * calls, peers                            now
 * loop.lag            {loop}              how late a media loop's timer ran
 * commands.waiting                        in all loops' inboxes
 * commands.refused                        commands lost because a loop's inbox was full
 * </pre>
 *
 * and those of {@link LegMetrics}.
 */
public final class RelayMetrics {

  private static final String PREFIX = "parley.relay.";

  private final MeterRegistry registry;

  /** A packet's sound is 20 ms: below that nobody hears it, from some 100 ms on everybody does. */
  private static final Duration[] LAGS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500)
  };

  private final List<LoopMeter> loops = new CopyOnWriteArrayList<>();
  private final LegMetrics legMetrics;
  private final Counter commandsRefused;

  public RelayMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.legMetrics = new LegMetrics(registry);
    this.commandsRefused =
        Counter.builder(PREFIX + "commands.refused")
            .description("Commands that were lost because a loop's inbox was full")
            .register(registry);
    total("packets", "direction", "in", LoopMeter::packetsIn);
    total("packets", "direction", "out", LoopMeter::packetsOut);
    total("bytes", "direction", "in", LoopMeter::bytesIn);
    total("bytes", "direction", "out", LoopMeter::bytesOut);
    total("trunk.packets", "direction", "in", LoopMeter::trunkIn);
    total("trunk.packets", "direction", "out", LoopMeter::trunkOut);
    for (Drop reason : Drop.values()) {
      total("drops", "reason", reason.label(), loop -> loop.drops(reason));
    }
    for (LegOutcome outcome : LegOutcome.values()) {
      total("legs", "outcome", outcome.label(), loop -> loop.legs(outcome));
    }
    total("offers", "result", "accepted", loop -> loop.offers(true));
    total("offers", "result", "refused", loop -> loop.offers(false));
    for (CandidateKind kind : CandidateKind.values()) {
      total("paths", "kind", kind.label(), loop -> loop.selections(kind));
    }
    for (Fault fault : Fault.values()) {
      total("legs.told", "fault", fault.label(), loop -> loop.over(fault));
      if (!fault.isIntended()) {
        Gauge.builder(
                PREFIX + "legs.troubled", this, metrics -> metrics.sum(l -> l.troubled(fault)))
            .tag("fault", fault.label())
            .register(registry);
      }
    }
    now("calls", LoopMeter::calls);
    now("peers", LoopMeter::peers);
    now("commands.waiting", LoopMeter::commandsWaiting);
  }

  private void now(String name, ToLongFunction<LoopMeter> count) {
    Gauge.builder(PREFIX + name, this, metrics -> metrics.sum(count)).register(registry);
  }

  /** A new media loop begins to count. */
  public LoopMeter loop(int index) {
    Timer lag =
        Timer.builder(PREFIX + "loop.lag")
            .description("How late a media loop's timer ran")
            .tag("loop", Integer.toString(index))
            .serviceLevelObjectives(LAGS)
            .register(registry);
    LoopMeter meter = new LoopMeter(lag, legMetrics);
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

  /** Packets to other relays, all loops together. */
  public long trunkOut() {
    return sum(LoopMeter::trunkOut);
  }

  /** Devices in calls. */
  public long peers() {
    return sum(LoopMeter::peers);
  }

  /** How late the latest of the loops was of late. */
  public Duration lag() {
    return Duration.ofNanos(loops.stream().mapToLong(LoopMeter::lagNs).max().orElse(0));
  }

  /** For how long the loop has done nothing that has done nothing for the longest. */
  public Duration silence() {
    long nowNs = System.nanoTime();
    return Duration.ofNanos(loops.stream().mapToLong(l -> l.silentNs(nowNs)).max().orElse(0));
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
