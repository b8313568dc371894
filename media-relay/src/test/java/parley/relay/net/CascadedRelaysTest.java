package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.Drop;
import parley.relay.api.CallId;
import parley.relay.api.RelayCommand;
import parley.relay.api.TrunkLine;
import parley.relay.client.MediaClient;
import parley.relay.mix.Sound;
import parley.relay.mix.Tone;
import parley.relay.trunk.Trunk;

/** One call on three relays, with real sockets. */
class CascadedRelaysTest {

  private static final int NODES = 3;

  @TempDir Path recordings;
  private final List<RunningRelay> nodes = new ArrayList<>();
  private final CallId call = new CallId(UUID.randomUUID().toString());

  @BeforeEach
  void linkThree() {
    for (int i = 0; i < NODES; i++) {
      nodes.add(new RunningRelay(recordings.resolve("node-" + i)));
      nodes.getLast().open(call, false);
    }
    for (int i = 0; i < NODES; i++) {
      for (int j = 0; j < i; j++) {
        link(i, j);
      }
    }
  }

  @AfterEach
  void stop() {
    nodes.forEach(RunningRelay::close);
  }

  private void link(int one, int other) {
    var random = new SecureRandom();
    byte[] there = new byte[TrunkLine.KEY_BYTES];
    byte[] back = new byte[TrunkLine.KEY_BYTES];
    random.nextBytes(there);
    random.nextBytes(back);
    long id = random.nextLong();
    long otherId = random.nextLong();
    RunningRelay a = nodes.get(one);
    RunningRelay b = nodes.get(other);
    a.command(
        new RelayCommand.Link(
            call, new TrunkLine("n" + other, b.reach(call), otherId, there, id, back)));
    b.command(
        new RelayCommand.Link(
            call, new TrunkLine("n" + one, a.reach(call), id, back, otherId, there)));
  }

  private long trunkOut() {
    return nodes.stream().mapToLong(node -> node.relay.metrics().trunkOut()).sum();
  }

  private long refused() {
    return nodes.stream()
        .mapToLong(node -> node.drops(Drop.TRUNK_REFUSED) + node.drops(Drop.TRUNK_UNKNOWN))
        .sum();
  }

  @Test
  void tenOnThreeNodesHearTwoWhoTalk() {
    List<MediaClient> people = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      people.add(nodes.get(i % NODES).join(call, "p" + i, 3));
    }
    people.get(0).speak(true);
    people.get(1).speak(true);

    for (MediaClient listener : people) {
      for (String speaker : List.of("p0", "p1")) {
        if (!listener.name().equals(speaker)) {
          await(listener.name() + " hears " + speaker, () -> listener.heardFrom(speaker) >= 25);
        }
      }
    }
    assertThat(people.get(0).heardFrom("p0")).isZero();
    assertThat(people.get(1).heardFrom("p1")).isZero();
    assertThat(people).allSatisfy(client -> assertThat(client.refusedHere()).isZero());
    assertThat(refused()).isZero();
  }

  @Test
  void whoHasOneSectionHearsAMixOfThoseOnOtherNodes() {
    MediaClient listener = nodes.get(0).join(call, "listener", 0);
    MediaClient one = nodes.get(1).join(call, "one", 0);
    MediaClient other = nodes.get(2).join(call, "other", 0);
    one.speak(tone(440));
    other.speak(tone(1010));

    await("both heard at once", () -> hears(listener, 440) && hears(listener, 1010));
    await("the other heard", () -> hears(one, 1010));
    await("the one heard", () -> hears(other, 440));
  }

  @Test
  void takesNothingFromStrangersOnTheLine() throws Exception {
    MediaClient listener = nodes.get(1).join(call, "listener", 3);
    MediaClient speaker = nodes.get(0).join(call, "speaker", 3);
    TrunkLine.Address at = nodes.get(1).reach(call).getFirst();
    byte[] forged = new byte[200];
    forged[0] = (byte) Trunk.FIRST_BYTE;
    try (var socket = new DatagramSocket()) {
      for (int i = 0; i < 10; i++) {
        socket.send(
            new DatagramPacket(
                forged,
                forged.length,
                new InetSocketAddress(InetAddress.ofLiteral(at.ip()), at.port())));
      }
    }
    await("all are refused", () -> nodes.get(1).drops(Drop.TRUNK_UNKNOWN) == 10);
    speaker.speak(true);
    await("the speaker heard", () -> listener.heardFrom("speaker") >= 10);
  }

  @Test
  void nothingCrossesWhenTheLineIsTakenDown() {
    MediaClient listener = nodes.get(1).join(call, "listener", 3);
    MediaClient speaker = nodes.get(0).join(call, "speaker", 3);
    speaker.speak(true);
    await("the speaker heard", () -> listener.heardFrom("speaker") >= 10);
    nodes.get(0).command(new RelayCommand.Unlink(call, "n1"));
    nodes.get(0).command(new RelayCommand.Unlink(call, "n2"));
    nodes.get(0).legs(call); // what was asked before has been done
    long before = trunkOut();
    await(
        "he is heard no more", () -> nodes.get(0).legs(call).getFirst().figures().packetsIn() > 60);
    assertThat(trunkOut()).isEqualTo(before);
  }

  private static Supplier<byte[]> tone(double hertz) {
    Tone tone = new Tone(hertz, 0.2);
    return () -> {
      int length = tone.next();
      return Arrays.copyOf(tone.packet(), length);
    };
  }

  private static boolean hears(MediaClient client, double hertz) {
    if (client.heard().size() < 75) {
      return false;
    }
    Sound sound = new Sound();
    client.heard().stream()
        .sorted((a, b) -> (short) (a.sequence() - b.sequence()))
        .forEach(packet -> sound.packet(packet.payload(), 0, packet.payload().length));
    return sound.count() > 48_000 && sound.amplitude(hertz, sound.count() - 48_000) > 0.15;
  }
}
