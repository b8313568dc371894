package parley.signalling.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.RecordingPolicy;
import parley.relay.api.RecordingPolicy.Mode;
import parley.relay.api.RelayCommand;
import parley.signalling.wire.ServerEvent;

class RecordingDutyTest {

  private static final String FULL = "recording off The disk for recordings is full.";

  private static Scene group(Mode mode) {
    return Scene.group(CallPolicy.defaults().recorded(RecordingPolicy.plain(mode, true)));
  }

  @Test
  void letsACallGoOnThatNeedNotBeRecorded() {
    Scene scene = group(Mode.OPTIONAL).given("offer a1", "answered a1", "recording on");

    assertThat(scene.does(FULL)).containsExactly("state→Alice,Bob,Carol,Dave");
    assertThat(scene.event(ServerEvent.CallState.class).audiorecord()).isFalse();
    assertThat(scene.decisions()).containsExactly("not_recorded: The disk for recordings is full.");
    assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void answersNobodyBeforeTheRecorderWrites() {
    Scene scene = group(Mode.REQUIRED_BEFORE);
    scene.does("offer a1");
    assertThat(scene.command(RelayCommand.Open.class).record()).isTrue();
    assertThat(scene.command(RelayCommand.Open.class).info().policy().mode())
        .isEqualTo(Mode.REQUIRED_BEFORE);

    assertThat(scene.does("answered a1")).isEmpty();
    assertThat(scene.does("recording on")).contains("answer→a1");
    assertThat(scene.decisions()).containsExactly("recorded");
    scene.does("offer b1");
    assertThat(scene.does("answered b1")).contains("answer→b1");
  }

  @Test
  void refusesACallThatMustBeRecordedAndCannotBe() {
    Scene scene = group(Mode.REQUIRED_BEFORE);
    scene.does("offer a1");
    scene.does("answered a1");

    assertThat(scene.does(FULL))
        .containsExactly(
            "warning→a1",
            "debug→a1",
            "leave→a1",
            "relay Close",
            "state→Alice,Bob,Carol,Dave",
            "finished");
    assertThat(scene.event(ServerEvent.Debug.class).text())
        .contains("this call must be recorded, and it cannot be: The disk for recordings is full.");
    assertThat(scene.event(ServerEvent.Warning.class).message())
        .isEqualTo(
            "this call must be recorded, and it cannot be: The disk for recordings is full.");
    assertThat(scene.decisions()).containsExactly("refused: The disk for recordings is full.");
    assertThat(scene.call.state()).isEqualTo(State.FINISHED);
  }

  @Test
  void refusesACallWhoseRecorderSaysNothing() {
    Scene scene = group(Mode.REQUIRED_DURING);
    scene.does("offer a1");
    scene.does("answered a1");

    assertThat(scene.does("tick 9")).doesNotContain("finished");
    assertThat(scene.does("tick 1")).contains("warning→a1", "leave→a1", "finished");
    assertThat(scene.decisions()).containsExactly("refused: the recorder does not answer");
  }

  @Test
  void goesOnWhenItHadToBeRecordedOnlyAtTheBeginning() {
    Scene scene = group(Mode.REQUIRED_BEFORE).given("offer a1", "answered a1", "recording on");

    scene.does(FULL);
    scene.does("tick 60");
    assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void endsAfterTheGraceWhenItMustBeRecordedToTheEnd() {
    Scene scene = group(Mode.REQUIRED_DURING).given("offer a1", "answered a1", "recording on");

    scene.does(FULL);
    assertThat(scene.does("tick 2")).contains("relay SetRecording");
    assertThat(scene.does("tick 7")).doesNotContain("finished");
    assertThat(scene.does("tick 1")).contains("debug→a1", "leave→a1", "relay Close", "finished");
    assertThat(scene.event(ServerEvent.Debug.class).text())
        .contains("this call had to be recorded, and it could not be");
    assertThat(scene.decisions()).containsExactly("ended: The disk for recordings is full.");
  }

  @Test
  void goesOnWhenTheRecordingBeginsAnewInTime() {
    Scene scene = group(Mode.REQUIRED_DURING).given("offer a1", "answered a1", "recording on");

    scene.does(FULL);
    scene.does("tick 2");
    scene.does("recording on");
    assertThat(scene.decisions()).containsExactly("recorded");
    scene.does("tick 60");
    assertThat(scene.call.state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void mustBeRecordedAgainAfterTheRelayLostIt() {
    Scene scene = group(Mode.REQUIRED_BEFORE).given("offer a1", "answered a1", "recording on");

    scene.does("failed");
    scene.does("offer a1");
    assertThat(scene.does("answered a1")).doesNotContain("answer→a1");
    assertThat(scene.does("recording on")).contains("answer→a1");
  }

  @Test
  void isNotSwitchedOffWhereItMustBeRecorded() {
    Scene scene = group(Mode.REQUIRED_DURING).given("offer a1", "answered a1", "recording on");

    assertThat(scene.does("record off")).isEmpty();
  }

  @Test
  void followsThePolicyThatChanges() {
    Scene scene = group(Mode.OFF).given("offer a1", "answered a1");

    assertThat(scene.does("rule required_during")).contains("relay SetRecording");
    assertThat(scene.decisions()).containsExactly("ruled");
    assertThat(scene.does("tick 10")).contains("finished");

    Scene other = group(Mode.OFF).given("offer a1", "answered a1");
    other.does("rule required_during");
    other.does("recording on");
    assertThat(other.does("tick 60")).doesNotContain("finished");
    assertThat(other.does("rule optional")).doesNotContain("relay SetRecording");
    assertThat(other.does("record off")).contains("relay SetRecording");
    assertThat(other.decisions()).isEqualTo(List.of("switched_off"));
  }

  @Test
  void letsThoseInWhoWaitedWhenThePolicyBecomesMilder() {
    Scene scene = group(Mode.REQUIRED_BEFORE);
    scene.does("offer a1");
    scene.does("answered a1");

    assertThat(scene.does("rule optional")).contains("answer→a1");
    assertThat(scene.does("tick 60")).doesNotContain("finished");
  }
}
