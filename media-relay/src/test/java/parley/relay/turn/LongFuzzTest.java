package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Wrong and half-right STUN, TURN and ChannelData, from clients on datagrams and on a stream and
 * from peers, for as long as is asked: {@code -Dparley.fuzz.seconds=3600} is an hour. Messages are
 * broken after they were signed, and before: those get past the credentials. Time passes, so that
 * limits on failures let more in, and permissions, channels and allocations end and begin again.
 */
class LongFuzzTest {

  private static final long SECONDS = Long.getLong("parley.fuzz.seconds", 2);
  private static final long SEED = Long.getLong("parley.fuzz.seed", System.nanoTime());

  /** Fewer than an address may fail with at once. */
  private static final int AT_ONCE = 90;

  /** Until then all limits on failures have forgotten. */
  private static final Duration PAUSE = Duration.ofSeconds(60);

  private static final int CHANNEL = 0x4000;
  private static final int[] METHODS = {1, 3, 4, 8, 9, 6, 7, 0, 2};

  /** All that a server reads, and some that it does not know. */
  private static final int[] ATTRIBUTES = {
    0x0001, 0x0006, 0x0008, 0x0009, 0x000A, 0x000C, 0x000D, 0x0012, 0x0013, 0x0014, 0x0015, 0x0016,
    0x0017, 0x0018, 0x0019, 0x001A, 0x001C, 0x001D, 0x001E, 0x0020, 0x0022, 0x0024, 0x002A, 0x8000,
    0x8002, 0x8003, 0x8022, 0x8023, 0x8028, 0x8030
  };

  private static final List<InetSocketAddress> PEERS =
      List.of(
          TurnStage.PEER,
          TurnStage.OTHER_PEER,
          TurnStage.IPV6_PEER,
          TurnStage.at("10.1.2.3", 80),
          TurnStage.at("127.0.0.1", 80),
          TurnStage.at("169.254.169.254", 80),
          TurnStage.at("fd00::1", 80),
          TurnStage.at("64:ff9b::a00:1", 80));

  private final Random random = new Random(SEED);
  private final TurnStage stage = new TurnStage();
  private final List<TestClient> clients =
      List.of(stage.client(), new TestClient(stage, TurnStage.at("203.0.113.6", 40_001), true));
  private long messages;
  private long granted;

  @Test
  void nothingIsThrownAndNobodyReachedWhoMustNotBe() {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    try {
      while (System.nanoTime() < endNs) {
        round();
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("with -Dparley.fuzz.seed=" + SEED, e);
    }
    assertThat(granted).isPositive();
    assertThat(stage.meter.packetsToPeers()).isPositive();
    assertThat(stage.meter.packetsToClients()).isPositive();
    if (SECONDS > 2) {
      System.out.println(report());
    }
  }

  private void round() {
    stage.pass(PAUSE);
    for (TestClient client : clients) {
      client.nonce = null;
      client.sha256 = random.nextBoolean();
      client.ask(TestMessage.allocate().alsoIpv6().ticket(new byte[0]));
      client.bind(CHANNEL, TurnStage.PEER);
      client.permit(TurnStage.OTHER_PEER);
      for (int i = 0; i < AT_ONCE; i++) {
        messages++;
        switch (random.nextInt(4)) {
          case 0 -> brokenAfterwards(client);
          case 1 -> brokenBefore(client);
          case 2 -> fromPeer();
          default -> onChannel(client);
        }
      }
      check(client);
    }
  }

  private void brokenAfterwards(TestClient client) {
    byte[] data = request(random.nextInt(3)).bytes();
    int changes = random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      data[random.nextInt(data.length)] = (byte) random.nextInt();
    }
    if (random.nextInt(8) == 0) {
      data = Arrays.copyOf(data, random.nextInt(data.length + 8));
    }
    hand(client, data);
  }

  /** What the server takes for a message of somebody it knows. */
  private void brokenBefore(TestClient client) {
    int answered = client.inbox.size();
    hand(client, client.signed(request(random.nextInt(5))).bytes());
    if (client.inbox.size() > answered && (client.inbox.peekLast()[0] & 0xFF) == 1) {
      granted++;
    }
  }

  private TestMessage request(int attributes) {
    TestMessage message =
        switch (random.nextInt(8)) {
          case 0 -> TestMessage.allocate().evenPort(random.nextBoolean()).lifetime(600);
          case 1 -> TestMessage.refresh(random.nextInt(2000)).ticket(new byte[16]);
          case 2 -> TestMessage.createPermission().peer(peer());
          case 3 -> TestMessage.channelBind(random.nextInt(0x10000), peer());
          case 4 -> TestMessage.sendIndication().peer(peer()).data(bytes(30));
          case 5 -> TestMessage.binding();
          case 6 -> TestMessage.ofType(METHODS[random.nextInt(METHODS.length)]);
          default -> TestMessage.ofType(random.nextInt(0x4000));
        };
    for (int i = 0; i < attributes; i++) {
      message.with(ATTRIBUTES[random.nextInt(ATTRIBUTES.length)], bytes(40));
    }
    return message;
  }

  private InetSocketAddress peer() {
    return PEERS.get(random.nextInt(PEERS.size()));
  }

  private byte[] bytes(int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  private void onChannel(TestClient client) {
    byte[] data = TestClient.channelData(CHANNEL, bytes(60));
    if (random.nextInt(3) == 0) {
      data[random.nextInt(4)] = (byte) random.nextInt();
    }
    if (random.nextInt(8) == 0) {
      data = Arrays.copyOf(data, random.nextInt(data.length + 8));
    }
    hand(client, data);
  }

  private void fromPeer() {
    for (InetSocketAddress relayed : List.copyOf(stage.open.keySet())) {
      stage.fromPeer(peer(), relayed, bytes(1400));
    }
  }

  /** On a stream, only what would be a frame. */
  private static void hand(TestClient client, byte[] data) {
    int frame = StreamFraming.frameBytes(data, 0, data.length);
    if (!client.isStream()) {
      client.raw(data);
    } else if (frame >= StreamFraming.PREFIX_BYTES && frame <= data.length) {
      client.raw(Arrays.copyOf(data, frame));
    } else if (frame < 0) {
      assertThat(frame).isIn(StreamFraming.INCOMPLETE, StreamFraming.BROKEN);
    }
  }

  private void check(TestClient client) {
    for (TurnStage.Sent sent : stage.toPeers) {
      InetAddress to = sent.to().getAddress();
      assertThat(to).isIn(PEERS.subList(0, 3).stream().map(InetSocketAddress::getAddress).toList());
    }
    stage.toPeers.clear();
    for (TestClient each : clients) {
      for (byte[] sent : each.inbox) {
        boolean stun = sent[0] < 0x40;
        assertThat(stun ? new StunReader().wrap(sent, 0, sent.length) : sent.length >= 4).isTrue();
      }
      each.inbox.clear();
    }
    assertThat(stage.open.size()).as("ports of %s", client.address).isLessThan(20);
  }

  private String report() {
    Map<Integer, Long> errors = new TreeMap<>();
    for (int code : TurnMeter.errorCodes()) {
      errors.put(code, stage.meter.errors(code));
    }
    Map<TurnDrop, Long> drops = new TreeMap<>();
    for (TurnDrop reason : TurnDrop.values()) {
      drops.put(reason, stage.meter.drops(reason));
    }
    return "%d s, seed %d: %d messages, %d of them granted, %d relayed to peers and %d to clients, %d allocations; errors %s; dropped %s"
        .formatted(
            SECONDS,
            SEED,
            messages,
            granted,
            stage.meter.packetsToPeers(),
            stage.meter.packetsToClients(),
            stage.meter.allocationsMade(),
            errors,
            drops);
  }
}
