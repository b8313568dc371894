package parley.load.bench.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HoldUpsTest {

  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final HoldUps holdUps = new HoldUps(100);

  /** One packet a millisecond; each takes a microsecond, but those of this time. */
  private void hear(long fromMs, long untilMs, long tookMs) {
    for (long at = fromMs; at < untilMs; at++) {
      holdUps.heard(at * MS, tookMs == 0 ? 1000 : tookMs * MS);
    }
  }

  @Test
  void countsEveryPacketWhileTheGeneratorGoesOn() {
    hear(0, 40, 0);
    hear(40, 60, 7); // the server's own doing
    for (long at = 0; at < 60 * MS; at += MS / 2) {
      holdUps.round(at, at + MS / 2);
    }
    assertThat(holdUps.latency().total()).isEqualTo(60);
    assertThat(holdUps.latency().percentile(0.99)).isBetween(7 * MS, 8 * MS);
  }

  @Test
  void leavesOutWhatTheGeneratorHeldUpItself() {
    hear(0, 20, 0);
    hear(20, 30, 9);
    holdUps.round(20 * MS, 22 * MS); // two milliseconds, and four times as long to catch up
    hear(31, 50, 0);
    assertThat(holdUps.latency().total()).isEqualTo(38); // not the one at 19, that was on its way
    assertThat(holdUps.latency().percentile(1)).isLessThan(MS);
  }
}
