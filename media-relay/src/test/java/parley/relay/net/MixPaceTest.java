package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a loop works while only mixers wait for its packets. */
class MixPaceTest {

  private static final long MS = 1_000_000L;
  private static final long MIXED_NS = 7_777_777L;

  private final EventLoop loop = new DefaultEventLoop();
  private final MixPace pace = new MixPace(loop, MIXED_NS);

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void ticksAMillisecondBeforeMixersWork() {
    long nowNs = MIXED_NS + 200 * MS;
    assertThat(pace.nextTickNs(nowNs)).isEqualTo(nowNs + 19 * MS);
    assertThat(pace.nextTickNs(nowNs + 19 * MS)).isEqualTo(nowNs + 39 * MS);
    assertThat(pace.nextTickNs(nowNs + 30 * MS)).isEqualTo(nowNs + 39 * MS); // a late one
    assertThat(pace.nextTickNs(MIXED_NS - 60 * MS)).isEqualTo(MIXED_NS - 41 * MS);
  }

  @Test
  void restsOnlyWhereItMay() {
    assertThat(pace.rest()).isFalse();
    pace.allow(true);
    assertThat(pace.rest()).isTrue();
    pace.allow(false);
    assertThat(pace.rest()).isFalse();
  }

  @Test
  void doesWhatOthersAskForWhileItRests() throws InterruptedException {
    int tasks = 1000;
    CountDownLatch done = new CountDownLatch(tasks);
    List<Integer> order = new ArrayList<>();
    loop.submit(
            () -> {
              long _ = pace.nextTickNs(System.nanoTime() + 60_000 * MS);
              pace.allow(true);
            })
        .awaitUninterruptibly();
    for (int i = 0; i < tasks; i++) {
      int number = i;
      pace.execute(
          () -> {
            order.add(number);
            boolean _ = pace.rest();
            done.countDown();
          });
    }
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(order).hasSize(tasks).isSorted();
  }
}
