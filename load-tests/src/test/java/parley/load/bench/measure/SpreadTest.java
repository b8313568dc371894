package parley.load.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void takesTheMiddleOne() {
    assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddle() {
    assertThat(Spread.of(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(new Spread(3, 1, 9));
  }

  @Test
  void comparesNeighbours() {
    // The machine became twice as slow in between: the ratio does not.
    assertThat(Spread.ofRatios(List.of(2.0, 4.0), List.of(8.0, 16.0)).median()).isEqualTo(0.25);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
