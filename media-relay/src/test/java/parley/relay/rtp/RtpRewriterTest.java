package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RtpRewriterTest {

  private static final long FRAME_NS = 20_000_000L;
  private static final int A = 0xAAAA;
  private static final int B = 0xBBBB;

  private final RtpRewriter rewriter = new RtpRewriter(0x5107, new Random(1));

  /** Source A's packet 0 is out as these. */
  private int sequence0;

  private int timestamp0;

  @BeforeEach
  void beginWithA() {
    rewriter.switchTo(A);
    assertThat(a(0)).isTrue();
    sequence0 = rewriter.sequence();
    timestamp0 = rewriter.timestamp();
  }

  @Test
  void marksTheFirstPacketOnly() {
    assertThat(rewriter.marker()).isTrue();
    assertThat(a(1)).isTrue();
    assertThat(rewriter.marker()).isFalse();
  }

  @Test
  void keepsTheSourcesOwnMarks() {
    assertThat(rewriter.rewrite(A, 1001, 960, true, 960, FRAME_NS)).isTrue();
    assertThat(rewriter.marker()).isTrue();
  }

  @Test
  void beginsInTheLowerHalfOfTheSequenceNumbers() {
    for (int seed = 0; seed < 100; seed++) {
      var other = new RtpRewriter(1, new Random(seed));
      other.switchTo(A);
      other.rewrite(A, 60_000, 0, false, 960, 0);
      assertThat(other.sequence()).isBetween(1, (1 << 15) - 1);
    }
  }

  @Test
  void beginsInTheLowerHalfAlsoWhenTheRandomNumberIsTheHighest() {
    var highest =
        new Random() {
          private static final long serialVersionUID = 1;

          @Override
          public int nextInt(int origin, int bound) {
            return bound - 1;
          }
        };
    var other = new RtpRewriter(1, highest);
    other.switchTo(A);
    other.rewrite(A, 60_000, 0, false, 960, 0);
    assertThat(other.sequence()).isLessThan(1 << 15);
  }

  @Test
  void passesGapsOn() {
    assertThat(a(4)).isTrue();
    assertOut(4, 4 * 960);
  }

  @Test
  void passesReorderingOn() {
    assertThat(a(3)).isTrue();
    assertThat(a(1)).isTrue();
    assertOut(1, 960);
    assertThat(a(2)).isTrue();
    assertOut(2, 2 * 960);
    assertThat(a(4)).isTrue();
    assertOut(4, 4 * 960);
  }

  @Test
  void sendsNothingTwice() {
    assertThat(a(0)).isFalse();
    assertThat(a(3)).isTrue();
    assertThat(a(2)).isTrue();
    assertThat(a(2)).isFalse();
    assertThat(a(3)).isFalse();
    assertThat(a(0)).isFalse();
  }

  @Test
  void runsOnAcrossTheWrap() {
    int highest = 0;
    for (int i = 1; i < 70_000; i++) {
      assertThat(a(i)).isTrue();
      highest = i;
    }
    assertOut(highest, highest * 960);
  }

  @Test
  void takesThePlaceBehindTheLastPacketAfterASwitch() {
    a(1);
    rewriter.switchTo(B);
    // Both are in step: B's first packet comes 20 ms after A's last.
    assertThat(rewriter.rewrite(B, 7, 12_345_678, false, 960, 2 * FRAME_NS)).isTrue();
    assertOut(2, 2 * 960);
    assertThat(rewriter.marker()).isTrue();
    assertThat(rewriter.rewrite(B, 8, 12_345_678 + 960, false, 960, 3 * FRAME_NS)).isTrue();
    assertOut(3, 3 * 960);
  }

  @Test
  void advancesTheTimestampByTheTimeThatPassed() {
    rewriter.switchTo(B);
    assertThat(rewriter.rewrite(B, 7, 5, false, 960, 1_000_000_000L)).isTrue();
    assertOut(1, 48_000);
  }

  @Test
  void neverOverlapsThePacketBeforeTheSwitch() {
    rewriter.switchTo(B);
    assertThat(rewriter.rewrite(B, 7, 5, false, 960, 3_000_000L)).isTrue(); // 3 ms later
    assertOut(1, 960);
  }

  @Test
  void takesBackAtTheNextPauseWhatAnOverlapPutAhead() {
    rewriter.switchTo(B);
    rewriter.rewrite(B, 7, 5, false, 960, 5_000_000L); // 15 ms too early
    rewriter.switchTo(A);
    rewriter.rewrite(A, 1001, 960, false, 960, 10_000_000L); // 15 ms more
    assertOut(2, 2 * 960);
    rewriter.switchTo(B);
    rewriter.rewrite(B, 90, 0, false, 960, 1_000_000_000L);
    assertOut(3, 48_000);
  }

  @Test
  void appendsBehindTheNewestPacketAndTakesTheTimeBackAfterwards() {
    a(1);
    assertThat(rewriter.append(960, FRAME_NS)).isTrue();
    assertOut(2, 2 * 960);
    assertThat(rewriter.append(960, FRAME_NS)).isTrue();
    assertOut(3, 3 * 960);
    assertThat(a(50)).isTrue();
    assertOut(4, 50 * 960);
    assertThat(a(1)).isFalse();
  }

  @Test
  void appendsNothingToAStreamThatHasNotBegun() {
    assertThat(new RtpRewriter(1, new Random(1)).append(960, 0)).isFalse();
  }

  @Test
  void refusesTheOldSourceAfterTheSwitch() {
    rewriter.switchTo(B);
    assertThat(a(1)).isFalse();
    rewriter.rewrite(B, 7, 5, false, 960, FRAME_NS);
    assertThat(a(2)).isFalse();
  }

  @Test
  void refusesWhatWouldComeBeforeTheSwitch() {
    a(1);
    rewriter.switchTo(B);
    rewriter.rewrite(B, 100, 96_000, false, 960, 2 * FRAME_NS);
    assertThat(rewriter.rewrite(B, 99, 95_040, false, 960, 2 * FRAME_NS)).isFalse();
    assertThat(rewriter.rewrite(B, 101, 96_960, false, 960, 3 * FRAME_NS)).isTrue();
    assertOut(3, 3 * 960);
  }

  @Test
  void doesNotFillTheOldSourcesGapWithTheNewOne() {
    a(3); // 1 and 2 are lost
    rewriter.switchTo(B);
    rewriter.rewrite(B, 100, 96_000, false, 960, 4 * FRAME_NS);
    assertThat(rewriter.rewrite(B, 98, 94_080, false, 960, 4 * FRAME_NS)).isFalse();
  }

  @Test
  void aPauseOfTheSameSourceIsNoLoss() {
    rewriter.switchTo(A); // muted for ten seconds, 500 packets never sent
    assertThat(a(500)).isTrue();
    assertOut(1, 500 * 960);
    assertThat(rewriter.marker()).isTrue();
  }

  @Test
  void anEncoderThatBeginsAnewContinuesTheStream() {
    assertThat(rewriter.rewrite(A, 30_000, 77, false, 960, FRAME_NS)).isTrue();
    assertOut(1, 960);
  }

  @Test
  void anEncoderThatGoesBackIsBelievedTheSecondTime() {
    for (int i = 1; i <= 100; i++) {
      a(i);
    }
    long nowNs = 101 * FRAME_NS;
    assertThat(rewriter.rewrite(A, 500, 0, false, 960, nowNs)).isFalse();
    assertThat(rewriter.rewrite(A, 501, 960, false, 960, nowNs + FRAME_NS)).isTrue();
    assertOut(101, 102 * 960);
  }

  @Test
  void aClockThatGoesBackContinuesTheStream() {
    assertThat(rewriter.rewrite(A, 1001, -960_000, false, 960, FRAME_NS)).isTrue();
    assertOut(1, 960);
  }

  @Test
  void aClockThatJumpsFarAheadContinuesTheStream() {
    assertThat(rewriter.rewrite(A, 1001, 48_000 * 60, false, 960, FRAME_NS)).isTrue();
    assertOut(1, 960);
  }

  @Test
  void silenceThatIsNotSentIsNotAJump() {
    assertThat(rewriter.rewrite(A, 1001, 48_000 * 60, false, 960, 60_000_000_000L)).isTrue();
    assertOut(1, 48_000 * 60);
  }

  @Test
  void tellsItsTimeForASenderReport() {
    a(1);
    assertThat(rewriter.timestampAt(FRAME_NS) - timestamp0).isEqualTo(960);
    assertThat(rewriter.timestampAt(FRAME_NS + 1_000_000_000L) - timestamp0).isEqualTo(48_960);
  }

  /**
   * Two sources, a network that loses, doubles and reorders, switches at random: what goes out is
   * one stream.
   */
  @Property(tries = 300)
  void isOneContinuousStream(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    var out = new RtpRewriter(1, random);
    int[] firstSequence = {random.nextInt(65_536), random.nextInt(65_536)};
    int[] firstTimestamp = {random.nextInt(), random.nextInt()};
    Set<Integer> used = new HashSet<>();
    long highest = -1;
    int previousSequence = 0;
    int timestampOfHighest = 0;
    int current = 0;
    out.switchTo(current);
    for (int i = 0; i < 2000; i++) {
      if (random.nextInt(50) == 0) {
        current = 1 - current;
        out.switchTo(current);
      }
      int frame = Math.max(0, i - (random.nextInt(5) == 0 ? random.nextInt(10) : 0));
      boolean sent =
          out.rewrite(
              random.nextInt(20) == 0 ? 1 - current : current,
              firstSequence[current] + frame & 0xFFFF,
              firstTimestamp[current] + frame * 960,
              false,
              960,
              i * FRAME_NS);
      if (!sent) {
        continue;
      }
      assertThat(used.add(out.sequence())).as("seed %d packet %d", seed, i).isTrue();
      int step = highest < 0 ? 1 : (short) (out.sequence() - previousSequence);
      assertThat(step).as("seed %d packet %d", seed, i).isBetween(-63, 64);
      if (step > 0) {
        if (highest >= 0) {
          assertThat(out.timestamp() - timestampOfHighest).isBetween(960, 64 * 960);
        }
        highest = highest + step;
        previousSequence = out.sequence();
        timestampOfHighest = out.timestamp();
      } else {
        assertThat(out.timestamp() - timestampOfHighest).isBetween(-63 * 960, -960);
      }
    }
  }

  private boolean a(int frame) {
    return rewriter.rewrite(A, 1000 + frame & 0xFFFF, frame * 960, false, 960, frame * FRAME_NS);
  }

  private void assertOut(int sequences, int ticks) {
    assertThat(rewriter.sequence() - sequence0 & 0xFFFF).isEqualTo(sequences & 0xFFFF);
    assertThat(rewriter.timestamp() - timestamp0).isEqualTo(ticks);
  }
}
