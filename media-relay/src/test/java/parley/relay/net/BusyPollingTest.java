package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import org.junit.jupiter.api.Test;

class BusyPollingTest {

  private static final long SPAN_NS = 50_000;

  private long nowNs = Long.MAX_VALUE - 1000; // the clock may begin anywhere, and overflow
  private int ready;
  private final BusyPolling polling = new BusyPolling(SPAN_NS, () -> nowNs);

  @Test
  void looksAgainUntilTheSpanIsOver() throws Exception {
    assertThat(ask(false)).isZero();

    nowNs += SPAN_NS - 1;
    assertThat(ask(false)).isZero();

    nowNs += 1;
    assertThat(ask(false)).isEqualTo(SelectStrategy.SELECT);
  }

  @Test
  void beginsAnewWithEveryPacketAndTask() throws Exception {
    assertThat(ask(false)).isZero();
    nowNs += SPAN_NS;
    ready = 3;
    assertThat(ask(false)).isEqualTo(3);

    ready = 0;
    nowNs += SPAN_NS;
    assertThat(ask(true)).isZero();

    nowNs += SPAN_NS - 1;
    assertThat(ask(false)).isZero();
  }

  @Test
  void looksAgainAfterItWasWoken() throws Exception {
    assertThat(ask(false)).isZero();
    nowNs += SPAN_NS;
    assertThat(ask(false)).isEqualTo(SelectStrategy.SELECT);

    nowNs += 1_000_000;
    assertThat(ask(false)).isZero();
    nowNs += SPAN_NS - 1;
    assertThat(ask(false)).isZero();
  }

  private int ask(boolean hasTasks) throws Exception {
    return polling.calculateStrategy(() -> ready, hasTasks);
  }
}
