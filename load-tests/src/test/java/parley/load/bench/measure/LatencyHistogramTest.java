package parley.load.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void tellsPercentilesToThreePercent() {
    for (int us = 1; us <= 1000; us++) {
      histogram.record(us * 1000L);
    }
    assertThat(histogram.percentile(0.5)).isCloseTo(500_000, withinPercentage(3.2));
    assertThat(histogram.percentile(0.99)).isCloseTo(990_000, withinPercentage(3.2));
    assertThat(histogram.percentile(1)).isCloseTo(1_000_000, withinPercentage(3.2));
    assertThat(histogram.total()).isEqualTo(1000);
  }

  @Test
  void isExactForTheShortest() {
    histogram.record(0);
    histogram.record(7);
    histogram.record(63);
    assertThat(histogram.percentile(0.3)).isEqualTo(0);
    assertThat(histogram.percentile(0.6)).isEqualTo(7);
    assertThat(histogram.percentile(1)).isEqualTo(63);
  }

  @Test
  void keepsOneThatIsRareApart() {
    for (int i = 0; i < 999; i++) {
      histogram.record(100_000);
    }
    histogram.record(50_000_000);
    assertThat(histogram.percentile(0.999)).isLessThan(104_000);
    assertThat(histogram.percentile(1)).isGreaterThanOrEqualTo(50_000_000);
  }

  @Test
  void survivesWhatCannotBe() {
    histogram.record(-5);
    histogram.record(Long.MAX_VALUE);
    assertThat(histogram.percentile(0.5)).isZero();
    assertThat(histogram.percentile(1)).isPositive();
  }
}
