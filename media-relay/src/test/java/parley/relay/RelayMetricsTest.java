package parley.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import parley.relay.api.Fault;

class RelayMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RelayMetrics metrics = new RelayMetrics(registry);

  @Test
  void addsUpWhatTheLoopsCount() {
    LoopMeter first = metrics.loop(0);
    LoopMeter second = metrics.loop(1);
    first.received(100);
    second.received(60);
    second.sent(70);
    first.drop(Drop.SRTP_REFUSED);
    second.drop(Drop.SRTP_REFUSED);
    second.ended(LegOutcome.COMPLETED);
    first.calls(2);
    first.calls(-1);
    second.peers(3);

    assertThat(counter("packets", "direction", "in")).isEqualTo(2);
    assertThat(counter("bytes", "direction", "in")).isEqualTo(160);
    assertThat(counter("bytes", "direction", "out")).isEqualTo(70);
    assertThat(counter("drops", "reason", "srtp_refused")).isEqualTo(2);
    assertThat(counter("legs", "outcome", "completed")).isEqualTo(1);
    assertThat(registry.get("parley.relay.calls").gauge().value()).isEqualTo(1);
    assertThat(registry.get("parley.relay.peers").gauge().value()).isEqualTo(3);
  }

  @Test
  void timesHowLateALoopWas() {
    metrics.loop(0).lag(Duration.ofMillis(5).toNanos(), System.nanoTime());

    assertThat(
            registry
                .get("parley.relay.loop.lag")
                .tag("loop", "0")
                .timer()
                .max(TimeUnit.MILLISECONDS))
        .isEqualTo(5);
  }

  @Test
  void forgetsHowLateALoopWasOnceItIsInTimeAgain() {
    LoopMeter loop = metrics.loop(0);
    loop.lag(Duration.ofMillis(500).toNanos(), 0);
    assertThat(metrics.lag()).isEqualTo(Duration.ofMillis(500));

    for (int tick = 0; tick < 50 * 60; tick++) {
      loop.lag(0, 0);
    }
    assertThat(metrics.lag()).isLessThan(Duration.ofMillis(1));
  }

  @Test
  void knowsHowManyAreInTroubleNow() {
    LoopMeter loop = metrics.loop(0);
    loop.trouble(Fault.CONNECTING, Fault.NO_ICE);
    loop.trouble(Fault.CONNECTING, Fault.NO_ICE);
    loop.trouble(Fault.NO_ICE, Fault.NONE);
    loop.trouble(Fault.NONE, Fault.MUTED);

    assertThat(registry.get("parley.relay.legs.troubled").tag("fault", "no_ice").gauge().value())
        .isEqualTo(1);
    assertThat(registry.find("parley.relay.legs.troubled").tag("fault", "muted").gauge()).isNull();
  }

  @Test
  void countsRefusedCommands() {
    metrics.commandRefused();

    assertThat(registry.get("parley.relay.commands.refused").counter().count()).isEqualTo(1);
  }

  private double counter(String name, String tag, String value) {
    return registry.get("parley.relay." + name).tag(tag, value).functionCounter().count();
  }
}
