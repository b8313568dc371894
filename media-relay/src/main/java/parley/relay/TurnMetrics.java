package parley.relay;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;
import parley.relay.turn.TurnDrop;
import parley.relay.turn.TurnMeter;

/**
 * The TURN server's metrics, all named {@code parley.turn.…}.
 *
 * <pre>
 * packets, bytes      {direction to_peer|to_client}  relayed
 * drops               {reason}                       see {@link TurnDrop}
 * errors              {code}                         answers with an error (RFC 8656 §19)
 * allocations                                        now
 * allocations.made                                   since the start
 * </pre>
 */
public final class TurnMetrics {

  private static final String PREFIX = "parley.turn.";

  private TurnMetrics() {}

  /** A server begins to count. */
  public static TurnMeter register(MeterRegistry registry) {
    var meter = new TurnMeter();
    total(registry, meter, "packets", "direction", "to_peer", TurnMeter::packetsToPeers);
    total(registry, meter, "packets", "direction", "to_client", TurnMeter::packetsToClients);
    total(registry, meter, "bytes", "direction", "to_peer", TurnMeter::bytesToPeers);
    total(registry, meter, "bytes", "direction", "to_client", TurnMeter::bytesToClients);
    for (TurnDrop reason : TurnDrop.values()) {
      total(registry, meter, "drops", "reason", reason.label(), each -> each.drops(reason));
    }
    for (int code : TurnMeter.errorCodes()) {
      total(registry, meter, "errors", "code", String.valueOf(code), each -> each.errors(code));
    }
    FunctionCounter.builder(PREFIX + "allocations.made", meter, TurnMeter::allocationsMade)
        .register(registry);
    Gauge.builder(PREFIX + "allocations", meter, TurnMeter::allocations).register(registry);
    return meter;
  }

  private static void total(
      MeterRegistry registry,
      TurnMeter meter,
      String name,
      String tag,
      String value,
      ToLongFunction<TurnMeter> count) {
    FunctionCounter.builder(PREFIX + name, meter, count::applyAsLong)
        .tag(tag, value)
        .register(registry);
  }
}
