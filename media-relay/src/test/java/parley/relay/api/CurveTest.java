package parley.relay.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import parley.relay.api.Curve.Point;

class CurveTest {

  private final Curve.Maker maker = new Curve.Maker(5_000);

  @Test
  void givesBackWhatWentIn() {
    Point point = new Point(1.5, 0, 12.3, 45, 4.21, LegFigures.UNKNOWN, -30, true, false);

    maker.add(point);

    assertThat(maker.curve().points()).containsExactly(point);
    assertThat(maker.curve().stepMs()).isEqualTo(5_000);
  }

  @Test
  void keepsTheWorstWhenItsStepsGetLonger() {
    for (int i = 0; i < Curve.Maker.MAX; i++) {
      maker.add(point(i == 3 ? 40 : 0));
    }
    maker.add(point(7));

    Curve curve = maker.curve();
    assertThat(curve.stepMs()).isEqualTo(10_000);
    assertThat(curve.size()).isEqualTo(Curve.Maker.MAX / 2 + 1);
    assertThat(curve.points().get(1).lossUpPercent()).isEqualTo(40);
    assertThat(curve.points().getLast().lossUpPercent()).isEqualTo(7);
  }

  @Test
  void isNeverLongerThanAPlot() {
    for (int i = 0; i < 10_000; i++) {
      maker.add(point(0));
    }

    assertThat(maker.curve().size()).isLessThanOrEqualTo(Curve.Maker.MAX);
  }

  @Test
  void holdsFiguresThatAreTooLarge() {
    maker.add(new Point(100, 100, 1e9, 1e9, 4, 4, LegFigures.NO_LEVEL, false, true));

    assertThat(maker.curve().points().getFirst().roundTripMs()).isEqualTo(Short.MAX_VALUE);
  }

  private static Point point(double loss) {
    return new Point(loss, 0, 0, 0, 4, 4, -30, false, false);
  }
}
