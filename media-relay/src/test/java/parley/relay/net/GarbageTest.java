package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.Drop;
import parley.relay.api.CallId;
import parley.relay.api.RelayEvent;
import parley.relay.client.MediaClient;

/** Everything that is no call, sent to every port while a call runs. */
class GarbageTest {

  private static final long SEED = 20_261_122;

  @TempDir Path recordings;
  private RunningRelay running;
  private CallId call;
  private MediaClient alice;
  private MediaClient bob;

  @BeforeEach
  void startACall() {
    running = new RunningRelay(recordings);
    call = running.open(false);
    alice = running.join(call, "alice", 1);
    bob = running.join(call, "bob", 1);
    alice.speak(true);
    await("alice heard", () -> bob.heardFrom("alice") >= 10);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void aStormFromStrangersChangesNothing() throws Exception {
    int addresses = running.relay.addressesKnown();
    AtomicBoolean storm = new AtomicBoolean(true);
    Thread stranger = Thread.ofPlatform().daemon().start(() -> storm(storm));
    try {
      bob.forget();
      await("alice heard in the storm", () -> bob.heardFrom("alice") >= 100);
    } finally {
      storm.set(false);
      stranger.join();
    }

    assertUndisturbed();
    assertThat(running.relay.addressesKnown()).isEqualTo(addresses);
    assertThat(running.drops(Drop.UNKNOWN_PROTOCOL)).isPositive();
    assertThat(running.drops(Drop.UNKNOWN_SOURCE)).isPositive();
    assertThat(running.drops(Drop.STUN_MALFORMED)).isPositive();
    assertThat(running.drops(Drop.STUN_UNKNOWN_UFRAG)).isPositive();
  }

  @Test
  void aParticipantsOwnGarbageHurtsNobody() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      bob.sendRaw(garbage(random));
    }
    await("garbage dropped", () -> running.drops(Drop.SRTP_REFUSED) > 10);
    bob.forget();
    await("alice still heard", () -> bob.heardFrom("alice") >= 50);

    assertUndisturbed();
  }

  @Test
  void aReplayedPacketIsForwardedOnce() {
    alice.speak(false);
    bob.forget();
    for (int i = 0; i < 50; i++) {
      alice.replay();
    }

    await("replays refused", () -> running.drops(Drop.SRTP_REFUSED) >= 50);
    // At most the last frames that were on their way when Alice fell silent.
    assertThat(bob.heardFrom("alice")).isLessThanOrEqualTo(2);
  }

  @Test
  void aCheckWithAForgedSourceDoesNotTakeAwayAnothersMedia() {
    bob.speak(true);
    await("bob heard", () -> alice.heardFrom("bob") >= 10);
    MediaClient mallory = running.join(running.open(false), "mallory", 1);

    for (int i = 0; i < 20; i++) {
      bob.sendRaw(mallory.freshCheck()); // from Bob's address, as if Mallory had forged it
    }
    alice.forget();
    await("bob still heard", () -> alice.heardFrom("bob") >= 50);

    assertThat(running.drops(Drop.SRTP_REFUSED)).isZero();
  }

  private void assertUndisturbed() {
    assertThat(running.events())
        .noneMatch(event -> event instanceof RelayEvent.Failed || event instanceof RelayEvent.Gone);
    assertThat(running.count(RelayEvent.Connected.class, call, "alice")).isEqualTo(1);
    assertThat(bob.refusedHere()).isZero();
  }

  private void storm(AtomicBoolean on) {
    Random random = new Random(SEED);
    List<InetSocketAddress> ports = running.relay.bound();
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      while (on.get()) {
        byte[] datagram = garbage(random);
        for (InetSocketAddress port : ports) {
          socket.send(new DatagramPacket(datagram, datagram.length, port));
        }
        Thread.yield();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] garbage(Random random) {
    byte[] noise = new byte[random.nextInt(1, 1400)];
    random.nextBytes(noise);
    return switch (random.nextInt(6)) {
      case 0 -> noise;
      case 1 -> prefixed("16fefd0000000000000000", noise); // DTLS handshake
      case 2 -> prefixed("806f0001000003c0deadbeef", noise); // RTP, payload type 111
      case 3 -> prefixed("80c80006deadbeef", noise); // RTCP sender report
      case 4 -> truncatedCheck(random);
      default -> check();
    };
  }

  /** A well-formed check for nobody: USERNAME "nobody:me", no integrity. */
  private static byte[] check() {
    return HexFormat.of()
        .parseHex(
            "000100102112a442" // binding request, 16 bytes of attributes, magic cookie
                + "000102030405060708090a0b" // transaction id
                + "00060009" // USERNAME, 9 bytes
                + "6e6f626f64793a6d65000000");
  }

  private static byte[] truncatedCheck(Random random) {
    byte[] check = check();
    return Arrays.copyOf(check, random.nextInt(1, check.length));
  }

  private static byte[] prefixed(String hex, byte[] noise) {
    byte[] prefix = HexFormat.of().parseHex(hex);
    byte[] datagram = Arrays.copyOf(prefix, prefix.length + noise.length);
    System.arraycopy(noise, 0, datagram, prefix.length, noise.length);
    return datagram;
  }
}
