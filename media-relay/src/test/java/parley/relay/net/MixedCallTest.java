package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.Drop;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;
import parley.relay.client.MediaClient;
import parley.relay.client.VoicePacket;
import parley.relay.mix.Sound;
import parley.relay.mix.Tone;

/** Clients with a single section in calls through real sockets: they hear a mix. */
class MixedCallTest {

  private static final double[] HERTZ = {440, 1010, 1730};

  /** A second and a half, of which the newest is measured. */
  private static final int PACKETS = 75;

  @TempDir Path recordings;
  private RunningRelay running;

  @BeforeEach
  void start() {
    running = new RunningRelay(recordings);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private static Supplier<byte[]> tone(double hertz) {
    Tone tone = new Tone(hertz, 0.2);
    return () -> {
      int length = tone.next();
      return Arrays.copyOf(tone.packet(), length);
    };
  }

  private static Sound sound(MediaClient client) {
    Sound sound = new Sound();
    client.heard().stream()
        .sorted((a, b) -> (short) (a.sequence() - b.sequence()))
        .forEach(packet -> sound.packet(packet.payload(), 0, packet.payload().length));
    return sound;
  }

  private static boolean hears(MediaClient client, double hertz) {
    List<VoicePacket> heard = client.heard();
    if (heard.size() < PACKETS) {
      return false;
    }
    Sound sound = sound(client);
    return sound.amplitude(hertz, sound.count() - 48_000) > 0.15;
  }

  @Test
  void sixWithOneSectionEachHearThreeTonesAtOnce() {
    CallId call = running.open(false);
    List<MediaClient> clients = new ArrayList<>();
    for (String name : List.of("alice", "bob", "carol", "dave", "erin", "frank")) {
      clients.add(running.join(call, name, 0));
    }
    for (int i = 0; i < HERTZ.length; i++) {
      clients.get(i).speak(tone(HERTZ[i]));
    }

    for (MediaClient listener : clients) {
      for (int i = 0; i < HERTZ.length; i++) {
        if (listener != clients.get(i)) {
          double hertz = HERTZ[i];
          await(listener.name() + " hears " + hertz, () -> hears(listener, hertz));
        }
      }
    }
    for (int i = 0; i < HERTZ.length; i++) {
      Sound own = sound(clients.get(i));
      assertThat(own.amplitude(HERTZ[i], own.count() - 48_000)).isLessThan(0.01);
    }
    assertThat(clients.getLast().heard().getLast().csrcs()).hasSize(3);
    assertThat(running.drops(Drop.MIXER_FULL)).isZero();
    assertThat(clients).allSatisfy(client -> assertThat(client.refusedHere()).isZero());
  }

  @Test
  void aMixIsOneStreamWithWhatWasForwardedBeforeAndAfterIt() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 0);
    MediaClient bob = running.join(call, "bob", 0);
    alice.speak(tone(HERTZ[0]));
    await("alice heard", () -> bob.heard().size() >= PACKETS);
    MediaClient carol = running.join(call, "carol", 0);
    carol.speak(tone(HERTZ[1]));
    bob.forget();
    await("both heard", () -> hears(bob, HERTZ[0]) && hears(bob, HERTZ[1]));
    running.command(new RelayCommand.Leave(call, new PeerId("carol"), "test"));
    await("alice heard alone", () -> bob.heard().getLast().csrcs().length == 1);

    List<VoicePacket> heard = bob.heard();
    assertThat(heard).extracting(VoicePacket::ssrc).containsOnly(heard.getFirst().ssrc());
    for (int i = 1; i < heard.size(); i++) {
      assertThat((short) (heard.get(i).sequence() - heard.get(i - 1).sequence()))
          .isEqualTo((short) 1);
      assertThat(heard.get(i).timestamp() - heard.get(i - 1).timestamp()).isPositive();
    }
  }
}
