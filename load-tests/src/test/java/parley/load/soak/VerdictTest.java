package parley.load.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VerdictTest {

  private static final int MINUTES = 90;

  private static List<Minute> minutes(IntToDoubleFunction heapMb, int brokenAt) {
    List<Minute> minutes = new ArrayList<>();
    for (int i = 0; i < MINUTES; i++) {
      double heap = i == brokenAt ? 900 : heapMb.applyAsDouble(i);
      ProcessFigures figures = new ProcessFigures(heap, 40, 300, 120, 3, 50);
      minutes.add(new Minute(i + 1, 10, 30, 60, 100, 80, figures, 0));
    }
    return minutes;
  }

  private static Verdict ofHeap(List<Minute> minutes) {
    return Verdict.of(minutes).getFirst();
  }

  @Test
  void findsALeakOfAFewMegabytesAnHourInNoise() {
    SplittableRandom dice = new SplittableRandom(1);
    Verdict verdict = ofHeap(minutes(i -> 40 + 6 * i / 60.0 + 4 * dice.nextDouble(), -1));
    assertThat(verdict.flat()).isFalse();
    assertThat(verdict.anHour().slope()).isCloseTo(6, within(1.0));
    assertThat(verdict.judged().met()).isFalse();
    assertThat(verdict.text()).startsWith("GROWS  heap after collection: +");
  }

  @Test
  void callsNoiseFlatWhateverTheDice() {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom dice = new SplittableRandom(seed);
      Verdict verdict = ofHeap(minutes(i -> 40 + 6 * dice.nextDouble(), -1));
      assertThat(verdict.flat()).as("seed %d: %s", seed, verdict.text()).isTrue();
      assertThat(verdict.judged().met()).isTrue();
    }
  }

  @Test
  void isNotMovedByASingleOutlier() {
    Verdict verdict = ofHeap(minutes(i -> 40, MINUTES - 1));
    assertThat(verdict.anHour().slope()).isZero();
    assertThat(verdict.flat()).isTrue();
  }

  @Test
  void callsNothingFlatThatCouldNotBeMeasured() {
    Verdict verdict = ofHeap(minutes(i -> Double.NaN, -1));
    assertThat(verdict.flat()).isFalse();
    assertThat(verdict.judged().met()).isFalse();
  }

  @Test
  void isExactOnALine() {
    double[] at = IntStream.range(0, 10).asDoubleStream().toArray();
    double[] values = IntStream.range(0, 10).mapToDouble(i -> 3 - 2.0 * i).toArray();
    assertThat(Trend.of(at, values)).isEqualTo(new Trend(-2, -2, -2));
    assertThatThrownBy(() -> Trend.of(new double[2], new double[2]))
        .hasMessage("a trend takes three points, there are 2");
  }

  @Test
  void bringsTheLoadToWhereItIsWantedAndKeepsItThere() {
    Thermostat thermostat = new Thermostat(0.6, 0.1);
    for (int i = 0; i < 60; i++) {
      thermostat.onBusy(0.05 + 1.5 * thermostat.level());
    }
    assertThat(0.05 + 1.5 * thermostat.level()).isCloseTo(0.6, within(0.01));
  }

  @Test
  void leavesTheLoadAsItWasOfLateWhenToldTo() {
    Thermostat thermostat = new Thermostat(0.6, 0.4);
    for (int i = 0; i < 40; i++) {
      thermostat.onBusy(i % 2 == 0 ? 1.2 * thermostat.level() : 1.8 * thermostat.level());
    }
    thermostat.freeze();
    double level = thermostat.level();
    assertThat(level).isCloseTo(0.4, within(0.02));
    for (int i = 0; i < 40; i++) {
      thermostat.onBusy(0.1);
      thermostat.freeze();
    }
    assertThat(thermostat.level()).isEqualTo(level);
  }

  @Test
  void judgesOnlyWhatBeganWithAnUnchangingLoad() {
    Timetable two = Timetable.of(120);
    assertThat(two).isEqualTo(new Timetable(15, 16));
    assertThat(two.judged(minutes(i -> 40, -1)).getFirst().at()).isEqualTo(17);
    assertThat(Timetable.of(Timetable.SHORTEST).judged(minutes(i -> 40, -1).subList(0, 6)))
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void readsWhatTheJvmSays() {
    assertThat(
            ProcessFigures.heapKib(
                "123:\n"
                    + " garbage-first heap   total reserved 1048576K, committed 61440K, used 17032K"
                    + " [0x00000000c0000000, 0x0000000100000000)\n"))
        .isEqualTo(17_032);
    assertThat(
            ProcessFigures.otherKib(
                "-                     Other (reserved=10325KB, committed=10321KB)\n (malloc=1)"))
        .isEqualTo(10_321);
    assertThat(ProcessFigures.heapKib("nothing")).isNaN();
  }
}
