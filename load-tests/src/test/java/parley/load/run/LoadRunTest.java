package parley.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import parley.load.report.Judged;
import parley.load.scenario.Expectation;
import parley.load.scenario.Scenario;

/** Real servers, real media, a few seconds. */
final class LoadRunTest {

  private static final double NAN = Double.NaN;
  private static final Expectation NOTHING =
      new Expectation(NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN);

  private static final String SCENARIO =
      """
      name: Few seconds
      talk: {on_s: 2, off_s: 0.5}
      phases: [{name: all, lasts_s: 8, load_percent: 100}]
      calls:
        - {kind: direct, at_once: 2, lasts_s: 2, answered_after_s: 0.1, rejected_percent: 20, cancelled_percent: 20}
        - {kind: group, at_once: 1, people: 4, talkers: 2, changes_per_s: 1, restarts_per_s: 1, recorded: true}
      networks:
        - {share_percent: 30, loss_percent: 10}
      """;

  @Test
  void measuresCallsOfAServerOfItsOwn() throws Exception {
    Scenario scenario = Scenario.parse(SCENARIO, "few-seconds");
    try (Site site = Site.own(scenario, List.of());
        LoadRun run = new LoadRun(scenario, site, 7)) {
      run.signIn();
      run.run(scenario::loadAt, sample -> {});
      Totals totals = run.totals();

      assertThat(totals.errors()).isEmpty();
      assertThat(figure(totals, "joins")).isGreaterThan(6);
      assertThat(figure(totals, "joins that failed")).isZero();
      assertThat(figure(totals, "set-up time, median")).isPositive();
      assertThat(figure(totals, "ring, 95 %")).isPositive();
      assertThat(figure(totals, "ICE restart, 95 %")).isPositive();
      assertThat(figure(totals, "packets at listeners")).isGreaterThan(500);
      assertThat(figure(totals, "packets lost")).isBetween(0.2, 25.0);
      assertThat(figure(totals, "latency, median")).isPositive();
      assertThat(figure(totals, "talk that somebody did not hear")).isZero();
      assertThat(totals.samples()).hasSizeGreaterThan(5);
      assertThat(totals.samples()).anyMatch(sample -> sample.people() >= 4);
    }
  }

  private static double figure(Totals totals, String what) {
    return totals.figures(NOTHING).stream()
        .filter(figure -> figure.what().equals(what))
        .mapToDouble(Judged::value)
        .findFirst()
        .orElseThrow();
  }
}
