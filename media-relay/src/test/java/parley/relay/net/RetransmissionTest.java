package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.relay.api.CallId;
import parley.relay.client.MediaClient;
import parley.relay.client.VoicePacket;
import parley.relay.srtp.SrtpProfile;

/** A client that loses packets and asks for them, through real sockets and both ciphers. */
class RetransmissionTest {

  @TempDir Path recordings;

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void whatIsAskedForComesOnceMore(SrtpProfile profile) {
    try (RunningRelay running = new RunningRelay(recordings)) {
      CallId call = running.open(false);
      MediaClient alice = running.join(call, "alice", 1, profile);
      MediaClient bob = running.join(call, "bob", 1, profile);
      bob.lose(sequence -> sequence % 5 == 0);
      alice.speak(true);

      await("two seconds of alice", () -> bob.heardFrom("alice") >= 100);
      alice.speak(false);

      await("no gaps", () -> gaps(bob.heard()) == 0);
      assertThat(bob.refusedHere()).isZero();
      assertThat(bob.heard()).extracting(VoicePacket::sequence).doesNotHaveDuplicates();
    }
  }

  private static int gaps(List<VoicePacket> heard) {
    TreeSet<Integer> numbers =
        heard.stream().map(VoicePacket::sequence).collect(Collectors.toCollection(TreeSet::new));
    return numbers.getLast() - numbers.getFirst() + 1 - numbers.size();
  }
}
