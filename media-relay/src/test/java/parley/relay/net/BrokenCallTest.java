package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.LegOutcome;
import parley.relay.api.CallId;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayConfig;
import parley.relay.api.RelayEvent;
import parley.relay.client.MediaClient;
import parley.relay.stun.Ice4jStunCodec;
import parley.relay.stun.StunCodec;
import parley.relay.stun.StunMessage;

/** A defect of the relay ends the call it is in, and no other. */
class BrokenCallTest {

  @TempDir Path recordings;

  @Test
  void endsAloneWhileTheOthersOfItsLoopRunOn() {
    DefectiveCodec codec = new DefectiveCodec();
    RelayConfig oneLoop =
        new RelayConfig(
            List.of("127.0.0.1"), false, List.of(), 0, 1, 3, Duration.ofSeconds(30), 8, recordings);
    try (RunningRelay running = new RunningRelay(oneLoop, UdpTransport.best(), codec)) {
      CallId sound = running.open(false);
      MediaClient alice = running.join(sound, "alice", 1);
      MediaClient bob = running.join(sound, "bob", 1);
      CallId broken = running.open(false);
      MediaClient carol = running.join(broken, "carol", 1);
      alice.speak(true);

      codec.brokenFor = carol.ufrag();
      await(
          "failed", () -> running.events().stream().anyMatch(RelayEvent.Failed.class::isInstance));
      bob.forget();
      await("alice heard on", () -> bob.heardFrom("alice") >= 20);

      assertThat(running.events())
          .filteredOn(RelayEvent.Failed.class::isInstance)
          .extracting(RelayEvent::call)
          .containsExactly(broken);
      assertThat(running.relay.metrics().legs(LegOutcome.FAILED)).isEqualTo(1);
      assertThat(running.relay.submit(new RelayCommand.Close(broken, "late"))).isTrue();
    }
  }

  /** Throws where it must not. */
  private static final class DefectiveCodec implements StunCodec {
    private final StunCodec sound = new Ice4jStunCodec();
    private volatile String brokenFor = "";

    @Override
    public @Nullable StunMessage tryParse(byte[] data, int offset, int length) {
      return sound.tryParse(data, offset, length);
    }

    @Override
    public boolean verify(StunMessage message, String password) {
      String username = String.valueOf(message.username());
      if (!brokenFor.isEmpty() && username.endsWith(":" + brokenFor)) {
        throw new IllegalStateException("a defect, on purpose");
      }
      return sound.verify(message, password);
    }

    @Override
    public byte[] bindingSuccess(
        StunMessage request, InetSocketAddress mapped, @Nullable String password) {
      return sound.bindingSuccess(request, mapped, password);
    }

    @Override
    public byte[] bindingError(
        StunMessage request, int code, String reason, @Nullable String password) {
      return sound.bindingError(request, code, reason, password);
    }
  }
}
