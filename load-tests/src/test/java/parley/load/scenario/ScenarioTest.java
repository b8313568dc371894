package parley.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.signalling.settings.SettingsException;

final class ScenarioTest {

  private static final String SMALL =
      """
      name: Small
      phases:
        - {name: up, lasts_s: 10, load_percent: 100, ramp_s: 10, warm_up: true}
        - {name: all, lasts_s: 20, load_percent: 100}
        - {name: half, lasts_s: 30, load_percent: 50, ramp_s: 10}
      calls:
        - {kind: direct, at_once: 4}
        - {kind: group, at_once: 2, people: 6, changes_per_s: 1.5}
      networks:
        - {share_percent: 10, loss_percent: 0.5}
      expect:
        loss_percent: 0
      """;

  @Test
  void bringsScenariosThatCanBeRead() throws SettingsException {
    for (String name : BuiltIn.names()) {
      assertThat(Scenario.find(name).about()).as(name).isNotEmpty();
    }
  }

  @Test
  void hasUsualFiguresForWhatIsLeftOut() throws SettingsException {
    Scenario small = Scenario.parse(SMALL, "small.yaml");
    assertThat(small.voices()).isEqualTo(3);
    assertThat(small.talk().silenceIsSent()).isTrue();
    assertThat(small.calls().getFirst().lastsS()).isEqualTo(60);
    assertThat(small.calls().getLast().lastsS()).isInfinite();
    assertThat(small.calls().getLast().talkers()).isEqualTo(6);
    assertThat(small.expect().lossPercent()).isZero();
    assertThat(small.expect().latencyP99Ms()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "5, 0.5",
    "10, 1.0",
    "29, 1.0",
    "35, 0.75",
    "40, 0.5",
    "59, 0.5",
    "60, 0.0"
  })
  void followsThePhases(double atS, double load) throws SettingsException {
    assertThat(Scenario.parse(SMALL, "small.yaml").loadAt(atS)).isEqualTo(load);
  }

  @Test
  void canBeMadeShorterAndLarger() throws SettingsException {
    Scenario other = Scenario.parse(SMALL, "small.yaml").lasting(30).scaled(2.5);
    assertThat(other.phases()).extracting(Phase::lastsS).containsExactly(5, 10, 15);
    assertThat(other.calls()).extracting(CallPlan::atOnce).containsExactly(10, 5);
    assertThat(other.calls().getLast().changesPerS()).isEqualTo(3.75);
  }

  @Test
  void saysAllThatIsWrongWithLineAndRemedy() {
    String wrong =
        """
        name: Wrong
        phases:
          - {name: all, lasts_s: 0, load_percent: 100}
        calls:
          - kind: direkt
            at_onse: 3
            at_once: 5
        networks:
          - {share_percent: 10, loss_percent: 101}
        """;
    assertThatThrownBy(() -> Scenario.parse(wrong, "wrong.yaml"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            """
            wrong.yaml:3: phases[0].lasts_s is "0"; right would be a whole number from 1 to 604800
            wrong.yaml:6: calls[0].at_onse is not a key; did you mean at_once?
            wrong.yaml:5: calls[0].kind is "direkt"; right would be one of direct, group (did you mean direct?)
            wrong.yaml:9: networks[0].loss_percent is "101"; right would be a number from 0 to 100\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: direct, at_once: 1, people: 3}|people is for groups; a direct call has two",
        "{kind: group, at_once: 1, people: 3, talkers: 4}|talkers is 4 and people 3; not more can"
            + " talk than are there",
        "{kind: group, at_once: 1, rejected_percent: 3}|rejected_percent is for direct calls",
        "{kind: direct, at_once: 1, rejected_percent: 60, cancelled_percent: 41}|rejected_percent"
            + " and cancelled_percent add up to more than 100"
      })
  void refusesWhatContradictsItself(String call, String sentence) {
    String text =
        "name: x\nphases: [{name: all, lasts_s: 1, load_percent: 100}]\ncalls:\n  - " + call;
    assertThatThrownBy(() -> Scenario.parse(text, "x.yaml"))
        .hasMessage("x.yaml:4: calls[0]: " + sentence);
  }

  @Test
  void namesTheScenariosThereAre() {
    assertThatThrownBy(() -> Scenario.find("ofice-day"))
        .hasMessageContaining("no scenario of this name; there are quick-look, office-day");
  }

  /** A file that is cut, swapped and sprinkled with what YAML cares about is read or refused. */
  @Test
  void neverThrowsAnythingElseWhateverTheFileSays() {
    SplittableRandom dice = new SplittableRandom(9);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder(SMALL);
      for (int change = dice.nextInt(1, 6); change > 0; change--) {
        int at = dice.nextInt(text.length());
        switch (dice.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[]:-,&*!'\"\n 9".charAt(dice.nextInt(15)));
          default -> text.setCharAt(at, text.charAt(dice.nextInt(text.length())));
        }
      }
      try {
        Scenario read = Scenario.parse(text.toString(), "x.yaml");
        assertThat(read.calls()).isNotEmpty();
      } catch (SettingsException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("x.yaml");
      }
    }
    assertThat(refused).isBetween(200, 1_999);
  }
}
