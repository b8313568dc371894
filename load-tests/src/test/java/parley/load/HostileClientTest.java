package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.audio.Spectrum;
import parley.load.browser.Client;
import parley.load.server.WireClient;

/** Somebody sends garbage while others talk. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class HostileClientTest {

  private static final long SEED = 20_261_122;

  /**
   * So many rounds warm the process up: classes, compiled code, buffers, what it keeps for good.
   */
  private static final int WARM_UP_ROUNDS = 3;

  private static final int ROUNDS = 6;

  /** A round is about 20 MB of garbage; keeping a tenth of it would show. */
  private static final long GROWTH_BYTES = 24L << 20;

  /** Heap filled from the start and bounded, so that memory that grows is memory that leaks. */
  private static final List<String> LEVEL_HEAP =
      List.of("-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch");

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void garbageDisturbsNobodyAndLeavesNothingBehind(Browsers browsers) {
    try (World world = new World(Map.of(), LEVEL_HEAP)) {
      Client alice = world.signIn(Person.ALICE, browsers.chromium());
      Client bob = world.signIn(Person.BOB, browsers.firefox());
      world.call(alice, world.jid(Person.BOB));
      bob.received("server.call.buzz", World.PATIENCE, any -> true);
      world.call(bob, world.jid(Person.ALICE));
      world.awaitActive(alice, bob);
      world.assertEachHearsTheOthers(alice, bob);

      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        sendGarbage(world);
      }
      long before = world.parley().residentBytes();
      for (int round = 0; round < ROUNDS; round++) {
        sendGarbage(world);
        world.assertEachHearsTheOthers(alice, bob);
      }
      long after = world.parley().residentBytes();
      assertThat(after - before)
          .as("growth in bytes from %d to %d\n%s", before, after, world.parley().logTail())
          .isLessThan(GROWTH_BYTES);
      assertThat(alice.evaluate("parley.currentCall.state").asText()).isEqualTo("active");
      assertThat(bob.evaluate("parley.currentCall.state").asText()).isEqualTo("active");
      assertThat(alice.evaluate("parleyFrames.all.filter(f => f.text.includes('restart')).length"))
          .hasToString("0");
    }
  }

  @Test
  void whoShowsAnotherCertificateThanHeAnnouncedIsNotLetIn(Browsers browsers) {
    try (World world = new World()) {
      Client alice = world.signIn(Person.ALICE, browsers.chromium());
      Client bob = world.signIn(Person.BOB, browsers.firefox());
      Client mallory = world.signIn(Person.CAROL, browsers.secondChromium());
      world.call(alice, World.RECORDED_GROUP);
      world.call(bob, World.RECORDED_GROUP);
      world.awaitActive(alice, bob);
      world.assertEachHearsTheOthers(alice, bob);

      mallory.evaluate(
          """
          parleyFrames.rewrite = (text) => text.replace(
              /fingerprint:sha-256 [0-9A-F:]+/g,
              'fingerprint:sha-256 ' + Array(32).fill('AB').join(':'))
          """
              .strip());
      mallory.evaluate("parley.call('" + World.RECORDED_GROUP + "').then(() => true, () => false)");
      mallory.received("server.call.answer", World.PATIENCE, any -> true);
      // She is in the roster by her offer, and no sound of hers ever comes through.
      double from = System.currentTimeMillis();
      world.assertEachHearsTheOthers(alice, bob);
      for (Client client : List.of(alice, bob)) {
        assertThat(Spectrum.of(client.hear(from, from + 5_000)).holds(mallory.toneHz()))
            .as("%s hears a client whose certificate is not the one announced", client)
            .isFalse();
      }
      assertThat(
              mallory
                  .evaluate("parleyEars.connections.some((c) => c.connectionState === 'connected')")
                  .asBoolean())
          .isFalse();
    }
  }

  private void sendGarbage(World world) {
    brokenJson(world);
    largeFrames(world);
    strayDatagrams(world);
  }

  /** Whatever is no event is answered with a warning; who goes on with it is sent away. */
  private void brokenJson(World world) {
    try (WireClient client = world.wire(Person.ERIN)) {
      String[] texts = {
        "{",
        "null",
        "[]",
        "\"text\"",
        "{}",
        "{\"event\":7}",
        "{\"event\":\"client.x\"}",
        "{\"event\":\"client.call.offer\"}",
        "{\"event\":\"client.call.offer\",\"params\":{\"jid\":\"nobody\",\"sdp\":7}}",
        "{\"event\":\"client.call.offer\",\"params\":{\"jid\":\"%s\",\"sdp\":\"v=0\"}}"
            .formatted(World.RECORDED_GROUP),
        "{\"event\":\"client.call.trickle\",\"params\":{\"jid\":\"%s\",\"candidate\":\"%s\"}}"
            .formatted(World.RECORDED_GROUP, "x".repeat(5_000)),
        "{\"event\":\"client.call.leave\",\"params\":{\"jid\":\"d-\"}}",
        "[".repeat(20_000),
        "{\"a\":".repeat(5_000),
        "\u0000\u0001",
      };
      boolean open = true;
      for (int i = 0; i < 60 && open; i++) {
        open = client.sendText(texts[i % texts.length]);
      }
      byte[] noise = new byte[2_000];
      for (int i = 0; i < 20 && open; i++) {
        random.nextBytes(noise);
        open = client.sendBinary(noise);
      }
      awaitAnswer(client);
    }
  }

  /** A warning, or the end of a patience that was abused, with its reason. */
  private static void awaitAnswer(WireClient client) {
    Eventually.until(
        "a warning, or a close with a reason",
        Duration.ofSeconds(15),
        () -> !client.all("server.warning").isEmpty() || client.closed().matches("1008 .+"),
        client::closed);
  }

  private void largeFrames(World world) {
    try (WireClient client = world.wire(Person.FRANK)) {
      String large = "{\"event\":\"client.ping\",\"x\":\"" + "y".repeat(1 << 20) + "\"}";
      boolean open = true;
      for (int i = 0; i < 6 && open; i++) {
        open = client.sendText(large);
      }
      awaitAnswer(client);
    }
  }

  /** To every media port: noise of every first byte, truncated and mutilated STUN, a DTLS flood. */
  private void strayDatagrams(World world) {
    try (DatagramSocket socket = new DatagramSocket()) {
      InetAddress here = InetAddress.getLoopbackAddress();
      for (int port : world.parley().mediaPorts()) {
        for (int i = 0; i < 4_000; i++) {
          byte[] data =
              switch (i % 4) {
                case 0 -> noise(1 + random.nextInt(1400));
                case 1 -> truncatedStun();
                case 2 -> clientHelloLike();
                default -> rtpLike();
              };
          socket.send(new DatagramPacket(data, data.length, here, port));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] noise(int length) {
    byte[] data = new byte[length];
    random.nextBytes(data);
    return data;
  }

  /** RFC 8489 §5: a binding request's header with attributes that end too soon, or lie. */
  private byte[] truncatedStun() {
    ByteBuffer stun = ByteBuffer.allocate(20 + 40);
    stun.putShort((short) 0x0001).putShort((short) random.nextInt(0, 200)).putInt(0x2112A442);
    stun.put(noise(12));
    stun.putShort((short) 0x0006).putShort((short) random.nextInt(0, 70_000)).put(noise(36));
    return Arrays.copyOf(stun.array(), 1 + random.nextInt(stun.capacity()));
  }

  /** RFC 6347 §4.1: a handshake record, with noise for a body. */
  private byte[] clientHelloLike() {
    byte[] data = noise(60 + random.nextInt(200));
    ByteBuffer.wrap(data).put((byte) 22).putShort((short) 0xFEFD).putShort((short) 0);
    return data;
  }

  private byte[] rtpLike() {
    byte[] data = noise(12 + random.nextInt(200));
    data[0] = (byte) 0x80;
    return data;
  }
}
