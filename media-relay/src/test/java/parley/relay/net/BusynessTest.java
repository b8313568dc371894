package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusynessTest {

  private static final long ROUND_NS = 250_000;

  private long nowNs;
  private final Busyness busyness = new Busyness(40_000, nowNs);

  @Test
  void isBusyOnceSoManyHaveComeForAHundredthOfASecond() {
    assertThat(rounds(39, 10)).isFalse();
    assertThat(rounds(1, 10)).isTrue(); // 400 in 10 ms
  }

  @Test
  void isNotBusyWithOneLess() {
    assertThat(rounds(39, 10)).isFalse();
    assertThat(rounds(1, 9)).isFalse();
    assertThat(rounds(400, 9)).isFalse();
  }

  @Test
  void isQuietAgainAHundredthOfASecondLater() {
    rounds(40, 20);
    assertThat(rounds(39, 1)).isTrue();
    assertThat(rounds(1, 1)).isFalse();
  }

  @Test
  void aLongSilenceCountsForWhatItIs() {
    rounds(40, 20);
    nowNs += 10_000_000_000L;
    assertThat(busyness.after(1_000, nowNs)).isFalse();
  }

  private boolean rounds(int count, long packetsEach) {
    boolean busy = false;
    for (int i = 0; i < count; i++) {
      nowNs += ROUND_NS;
      busy = busyness.after(packetsEach, nowNs);
    }
    return busy;
  }
}
