package parley.load.impair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FateTest {

  private static final int PACKETS = 200_000;

  private final Fate fate = new Fate(new Random(3));

  @Test
  void burstsAreAsLongAndAsManyAsAsked() {
    Impairment bursty = Impairment.NONE.withBurstyLoss(0.1, 4);
    int lost = 0;
    int bursts = 0;
    boolean before = false;
    for (int i = 0; i < PACKETS; i++) {
      fate.next(bursty, i);
      lost += fate.lost() ? 1 : 0;
      bursts += fate.lost() && !before ? 1 : 0;
      before = fate.lost();
    }
    assertThat(lost / (double) PACKETS).isBetween(0.09, 0.11);
    assertThat(lost / (double) bursts).isBetween(3.8, 4.2);
  }

  @Test
  void jitterKeepsTheOrderAndOvertakingDoesNot() {
    Impairment jitter = Impairment.NONE.withDelay(Duration.ofMillis(5), Duration.ofMillis(100));
    long before = 0;
    for (int i = 0; i < 1_000; i++) {
      fate.next(jitter, i * 20_000_000L);
      assertThat(fate.dueNs()).isGreaterThanOrEqualTo(before);
      before = fate.dueNs();
    }
    Impairment overtaken = Impairment.NONE.withReorder(1, Duration.ofMillis(50));
    fate.next(overtaken, 30_000_000_000L);
    assertThat(fate.dueNs()).isEqualTo(30_050_000_000L);
  }

  @Test
  void aBlackoutLosesEverythingInBurstsToo() {
    for (int i = 0; i < 100; i++) {
      fate.next(Impairment.NONE.withBurstyLoss(1, 4), i);
      assertThat(fate.lost()).isTrue();
    }
  }

  @Test
  void aBurstHasOnePacketAtLeast() {
    assertThatIllegalArgumentException().isThrownBy(() -> Impairment.NONE.withBurstyLoss(0.1, 0.5));
  }
}
