package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StreamStatsTest {

  private static final long FRAME_NS = 20_000_000L;

  private final StreamStats stats = new StreamStats(48_000);

  @Test
  void countsCyclesOfTheSequenceNumber() {
    for (int i = 0; i < 6; i++) {
      arrive(65_533 + i, i);
    }
    assertThat(stats.extendedHighest()).isEqualTo(0x1_0002);
    assertThat(stats.expected()).isEqualTo(6);
    assertThat(stats.lost()).isZero();
  }

  @Test
  void countsWhatIsMissingAsLost() {
    arrive(10, 0);
    arrive(11, 1);
    arrive(15, 5);
    arrive(16, 6);
    assertThat(stats.expected()).isEqualTo(7);
    assertThat(stats.lost()).isEqualTo(3);
    assertThat(stats.cumulativeLost()).isEqualTo(3);
    assertThat(stats.takeFractionLost()).isEqualTo(3 * 256 / 7);
  }

  @Test
  void tellsTheFractionOfEachIntervalByItself() {
    arrive(0, 0);
    arrive(3, 3);
    assertThat(stats.takeFractionLost()).isEqualTo(128);
    arrive(4, 4);
    arrive(5, 5);
    assertThat(stats.takeFractionLost()).isZero();
    assertThat(stats.takeFractionLost()).isZero(); // nothing expected, nothing lost
  }

  @Test
  void aLatePacketIsNotLost() {
    arrive(0, 0);
    arrive(2, 2);
    arrive(1, 1);
    assertThat(stats.lost()).isZero();
    assertThat(stats.extendedHighest()).isEqualTo(2);
  }

  @Test
  void aLatePacketFromBeforeTheWrapIsNotACycle() {
    arrive(65_535, 0);
    arrive(1, 2);
    arrive(0, 1);
    arrive(2, 3);
    assertThat(stats.extendedHighest()).isEqualTo(0x1_0002);
    assertThat(stats.lost()).isZero();
  }

  @Test
  void duplicatesMakeTheLossNegativeAndTheFractionZero() {
    arrive(0, 0);
    arrive(0, 0);
    arrive(0, 0);
    assertThat(stats.lost()).isEqualTo(-2);
    assertThat(stats.cumulativeLost()).isEqualTo(-2);
    assertThat(stats.takeFractionLost()).isZero();
  }

  @Test
  void oneStrayPacketChangesNothing() {
    arrive(100, 0);
    assertThat(arrive(40_000, 1)).isFalse();
    assertThat(arrive(101, 1)).isTrue();
    assertThat(stats.expected()).isEqualTo(2);
    assertThat(stats.received()).isEqualTo(2);
  }

  @Test
  void twoInARowAfterAJumpAreARestart() {
    arrive(100, 0);
    assertThat(arrive(40_000, 1)).isFalse();
    assertThat(arrive(40_001, 2)).isTrue();
    assertThat(stats.extendedHighest()).isEqualTo(40_001);
    assertThat(stats.expected()).isEqualTo(1);
    assertThat(stats.lost()).isZero();
  }

  @Test
  void aSteadyStreamHasNoJitter() {
    for (int i = 0; i < 100; i++) {
      arrive(i, i);
    }
    assertThat(stats.jitter()).isZero();
  }

  @Test
  void silenceBetweenPacketsIsNoJitter() {
    stats.on(0, 0, 0);
    stats.on(1, 48_000, 1_000_000_000L);
    assertThat(stats.jitter()).isZero();
  }

  @Test
  void jitterApproachesTheMeanDifference() {
    for (int i = 0; i < 2000; i++) {
      stats.on(i, i * 960, i * FRAME_NS + (i % 2) * 5_000_000L); // 5 ms late every other time
    }
    assertThat(stats.jitter()).isCloseTo(240, within(8));
  }

  /** RFC 3550 §6.4.1: J(i) = J(i−1) + (|D(i−1,i)| − J(i−1))/16, in real numbers. */
  @Property(tries = 200)
  void jitterFollowsTheFormula(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    var measured = new StreamStats(48_000);
    double jitter = 0;
    long previous = 0;
    for (int i = 0; i < 300; i++) {
      long arrivalNs = i * FRAME_NS + random.nextInt(30_000_000);
      int timestamp = 0x7FFF_F000 + i * 960; // across the sign
      measured.on(i, timestamp, arrivalNs);
      long transit = RtpTime.ticks(arrivalNs, 48_000) - i * 960L;
      if (i > 0) {
        jitter += (Math.abs(transit - previous) - jitter) / 16;
      }
      previous = transit;
    }
    assertThat((double) measured.jitter()).isCloseTo(jitter, within(2d));
  }

  @Test
  void forgetsEverythingAtAReset() {
    arrive(0, 0);
    arrive(9, 9);
    stats.reset();
    assertThat(stats.started()).isFalse();
    assertThat(stats.expected()).isZero();
    arrive(5, 0);
    assertThat(stats.expected()).isEqualTo(1);
    assertThat(stats.lost()).isZero();
    assertThat(stats.takeFractionLost()).isZero();
  }

  private boolean arrive(int sequence, int frame) {
    return stats.on(sequence & 0xFFFF, frame * 960, frame * FRAME_NS);
  }
}
