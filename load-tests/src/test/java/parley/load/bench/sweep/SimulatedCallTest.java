package parley.load.bench.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.load.impair.Impairment;

class SimulatedCallTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void atTenPercentOfLossEachWayNinetyNineAreHeard(long seed) {
    Heard heard = SimulatedCall.of(loss(0.1), Protection.ALL, seed);
    assertThat(heard.heard()).as("seed %d", seed).isGreaterThanOrEqualTo(0.99);
    assertThat(SimulatedCall.of(loss(0.1), Protection.NONE, seed).heard())
        .as("without help it is what the two networks leave")
        .isBetween(0.78, 0.84);
  }

  @Test
  void theSameSeedIsTheSameCall() {
    assertThat(SimulatedCall.of(loss(0.2), Protection.ALL, 9))
        .isEqualTo(SimulatedCall.of(loss(0.2), Protection.ALL, 9))
        .isNotEqualTo(SimulatedCall.of(loss(0.2), Protection.ALL, 10));
  }

  @Test
  void aGoodNetworkIsHeardAsItIs() {
    Heard heard = SimulatedCall.of(Weather.FAIR, Protection.ALL, 1);
    assertThat(heard.heard()).isEqualTo(1);
    assertThat(heard.longestGapMs()).isZero();
    assertThat(heard.mos()).isGreaterThan(4.3);
  }

  @Test
  void rebindingIsHardlyHeard() {
    Heard heard = SimulatedCall.of(Weather.FAIR.withRebindings(5), Protection.ALL, 1);
    // What was on its way to the old address is lost, and nothing else.
    assertThat(heard.longestGapMs()).isLessThanOrEqualTo(60);
    assertThat(heard.heard()).isGreaterThan(0.99);
  }

  @Test
  void afterABlackoutEverythingIsHeardAgain() {
    Duration length = Duration.ofSeconds(8);
    Heard heard = SimulatedCall.of(Weather.FAIR.withBlackout(length), Protection.ALL, 1);
    assertThat(heard.longestGapMs()).isBetween(7_900.0, 8_100.0);
    assertThat(heard.heard()).isGreaterThan(51.5 / 60);
  }

  private static Weather loss(double share) {
    return Weather.of(Impairment.NONE.withLoss(share));
  }
}
