package parley.load.bench.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import parley.load.bench.talk.TalkScore.Change;

class TalkScoreTest {

  /** A minute: a sentence from 10 to 12 s, another from 20 to 21 s. */
  private static final Track TRACK =
      new Track(
          "test",
          new float[60 * Noise.RATE_HZ],
          List.of(new Span(10_000, 12_000), new Span(20_000, 21_000)));

  private final TalkScore score = new TalkScore();

  @Test
  void delaysAreFromTheBeginningAndTheEndOfASentence() {
    add(10_100, 12_500, 20_140, 21_550);
    assertThat(score.onMs).containsExactly(100.0, 140.0);
    assertThat(score.offMs).containsExactly(500.0, 550.0);
    assertThat(score.missed).isZero();
    assertThat(score.flickers + score.falseOns).isZero();
    assertThat(score.falseMs).isZero();
    assertThat(score.missedMs).isEqualTo(240);
  }

  @Test
  void aSentenceThatLightsNothingUpIsMissedAsAWhole() {
    add(10_100, 12_500);
    assertThat(score.missed).isEqualTo(1);
    assertThat(score.missedMs).isEqualTo(1_100);
  }

  @Test
  void goingOffWithinASentenceIsAFlicker() {
    add(10_100, 10_900, 11_200, 12_500, 20_100, 21_500);
    assertThat(score.flickers).isEqualTo(1);
    assertThat(score.missedMs).isEqualTo(100 + 300 + 100);
  }

  @Test
  void talkOutsideOfSpeechIsFalse() {
    add(10_100, 12_500, 20_100, 21_500, 40_000, 41_000);
    assertThat(score.falseOns).isEqualTo(1);
    assertThat(score.falseMs).isEqualTo(1_000);
    // 57 s are no speech.
    assertThat(score.falseSecondsAMinute()).isCloseTo(60.0 / 57, within(1e-9));
  }

  @Test
  void whatIsTooLongBehindASentenceIsFalse() {
    add(10_100, 14_600, 20_100, 21_500);
    assertThat(score.offMs.getFirst()).isEqualTo(2_600);
    assertThat(score.falseMs).isEqualTo(2_000);
    assertThat(score.falseOns).isZero();
  }

  @Test
  void whatNeverGoesOffIsFalseToTheEnd() {
    score.add(TRACK, List.of(new Change(10_100, true)));
    assertThat(score.falseMs).isEqualTo(50_000 - 2 * 600 - 1_900 - 1_000 + 0.0, within(100.0));
    assertThat(score.onMs).containsExactly(100.0);
  }

  @Test
  void percentilesAreOfWhatWasMeasured() {
    List<Double> delays = List.of(5.0, 1.0, 3.0, 2.0, 4.0);
    assertThat(TalkScore.percentile(delays, 0.5)).isEqualTo(3);
    assertThat(TalkScore.percentile(delays, 0.95)).isEqualTo(5);
    assertThat(TalkScore.percentile(List.of(), 0.5)).isNaN();
  }

  private void add(double... changesMs) {
    List<Change> changes = new java.util.ArrayList<>();
    for (int i = 0; i < changesMs.length; i++) {
      changes.add(new Change(changesMs[i], i % 2 == 0));
    }
    score.add(TRACK, changes);
  }
}
