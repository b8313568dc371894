package parley.relay.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of ITU-T G.107 (06/2015), G.109 and what follows from their formulas. */
class EModelTest {

  /** G.107 Annex B, Table B.1: the limits of user satisfaction. */
  @ParameterizedTest
  @CsvSource({"90, 4.34", "80, 4.03", "70, 3.60", "60, 3.10", "50, 2.58"})
  void turnsRatingsIntoOpinionsAsTheTableDoes(double rating, double mos) {
    assertThat(EModel.ofRating(rating)).isCloseTo(mos, within(0.01));
  }

  @Test
  void keepsToTheScale() {
    assertThat(EModel.ofRating(-5)).isEqualTo(1);
    assertThat(EModel.ofRating(3)).isGreaterThanOrEqualTo(1);
    assertThat(EModel.ofRating(120)).isEqualTo(4.5);
  }

  /** With its defaults the model gives R = 93.2 and a score of 4.41 (§7, Annex B). */
  @Test
  void findsNothingWrongWithAPerfectPath() {
    assertThat(EModel.rating(0, 0)).isEqualTo(93.2);
    assertThat(EModel.mos(0, 0, 0)).isCloseTo(4.41, within(0.005));
  }

  @Test
  void doesNotMindDelayUpToATenthOfASecond() {
    assertThat(EModel.delayImpairment(100)).isZero();
    assertThat(EModel.delayImpairment(101)).isLessThan(0.1);
  }

  /** Formula 7-27 worked out by hand for X = 1 and X = 2. */
  @Test
  void countsDelayAsTheFormulaDoes() {
    double one = 25 * (Math.pow(2, 1 / 6.0) - 3 * Math.pow(1 + 1 / 729.0, 1 / 6.0) + 2);
    double two = 25 * (Math.pow(65, 1 / 6.0) - 3 * Math.pow(1 + 64 / 729.0, 1 / 6.0) + 2);

    assertThat(EModel.delayImpairment(200)).isCloseTo(one, within(1e-9));
    assertThat(EModel.delayImpairment(400)).isCloseTo(two, within(1e-9));
    assertThat(two).isBetween(24.0, 25.0);
  }

  /** G.113: half of the impairment that loss can do is done when loss is as large as Bpl. */
  @Test
  void countsLossAsTheFormulaDoes() {
    assertThat(EModel.lossImpairment(0)).isZero();
    assertThat(EModel.lossImpairment(25.1)).isCloseTo(47.5, within(1e-9));
    assertThat(EModel.mos(0, 0, 10)).isCloseTo(3.41, within(0.05));
  }

  @Test
  void getsWorseWithEverything() {
    assertThat(EModel.mos(50, 10, 1)).isLessThan(EModel.mos(50, 10, 0));
    assertThat(EModel.mos(400, 10, 0)).isLessThan(EModel.mos(50, 10, 0));
    assertThat(EModel.mos(50, 150, 0)).isLessThan(EModel.mos(50, 10, 0));
  }
}
