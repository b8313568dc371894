package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.client.MediaClient;

/** Signalling opens a call again under the same id, and asks for a recording again. */
class OpenAgainTest {

  private static final CallInfo INFO = new CallInfo("team", "g-1", "Tests", Instant.now());

  @TempDir Path folder;

  @Test
  void servesACallThatIsOpenedRightBehindItsClose() {
    try (RunningRelay running = new RunningRelay(folder)) {
      for (int i = 0; i < 20; i++) {
        CallId call = running.open(false);
        MediaClient alice = running.client("alice");
        running.command(new RelayCommand.Close(call, "restart"));
        running.command(new RelayCommand.Open(call, INFO, false));

        assertThat(running.answer(call, "alice", alice.offer(1))).contains("a=ice-lite");
        running.command(new RelayCommand.Close(call, "done"));
      }
    }
  }

  @Test
  void forgetsACallThatWasOpenedTwiceWhenItIsClosed() {
    try (RunningRelay running = new RunningRelay(folder)) {
      CallId call = running.open(false);
      running.command(new RelayCommand.Open(call, INFO, false));
      MediaClient alice = running.client("alice");
      running.answer(call, "alice", alice.offer(1));
      running.command(new RelayCommand.Close(call, "done"));

      await("nothing left", () -> running.relay.placedCalls() == 0);
    }
  }

  @Test
  void recordsACallThatIsOpenedAgainInAFolderOfItsOwn() {
    try (RunningRelay running = new RunningRelay(folder)) {
      CallId call = running.open(true);
      running.command(new RelayCommand.Close(call, "restart"));
      running.command(new RelayCommand.Open(call, INFO, true));
      running.command(new RelayCommand.Close(call, "done"));

      await("two recordings", () -> recordings(running).size() == 2);
      assertThat(recordings(running)).doesNotHaveDuplicates();
      assertThat(switches(running, call)).containsExactly(true, false, true, false);
    }
  }

  @Test
  void recordsAgainAfterARecordingThatFailed() throws IOException {
    Path recordings = folder.resolve("recordings");
    Files.writeString(recordings, "a file where the folder should be");
    try (RunningRelay running = new RunningRelay(recordings)) {
      CallId call = running.open(true);
      await("told that it failed", () -> switches(running, call).equals(List.of(false)));

      Files.delete(recordings);
      running.command(new RelayCommand.SetRecording(call, true));

      await("it records", () -> switches(running, call).equals(List.of(false, true)));
    }
  }

  private static List<Path> recordings(RunningRelay running) {
    return running.events().stream()
        .filter(RelayEvent.RecordingReady.class::isInstance)
        .map(event -> ((RelayEvent.RecordingReady) event).directory())
        .toList();
  }

  private static List<Boolean> switches(RunningRelay running, CallId call) {
    return running.events().stream()
        .filter(RelayEvent.Recording.class::isInstance)
        .map(RelayEvent.Recording.class::cast)
        .filter(event -> event.call().equals(call))
        .map(RelayEvent.Recording::on)
        .toList();
  }
}
