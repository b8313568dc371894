package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.TurnConfig;
import parley.relay.net.PortUnavailable;
import parley.relay.net.TurnNode;

/** The server on real sockets. */
class TurnNodeTest {

  private static final InetAddress HERE = TurnStage.ip("127.0.0.1");
  private static final byte[] DATA = {1, 2, 3, 4, 5};

  /** Room for one test's relayed addresses. */
  private static final int RELAYS = 64;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @TempDir Path folder;

  /** For UDP and TCP; below the range that the system gives to outgoing connections. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(5_000, 10_000);
      try (var _ = new DatagramSocket(port, HERE);
          var _ = new ServerSocket(port, 1, HERE)) {
        return port;
      } catch (IOException e) {
        continue; // somebody has it
      }
    }
  }

  private TurnConfig config(int port, int relays) throws Exception {
    TestCertificate certificate = TestCertificate.write(folder, "one");
    int first = 10_000 + port % 1_000 * RELAYS % 20_000;
    return new TurnConfig(
        List.of("127.0.0.1"),
        false,
        List.of(),
        port,
        freePort(),
        certificate.chain().toString(),
        certificate.key().toString(),
        first,
        first + relays - 1,
        "example.org",
        Map.of("me", "mine"),
        List.of(),
        List.of("127.0.0.0/8"),
        List.of(),
        0,
        0,
        0,
        0,
        true,
        8,
        List.of());
  }

  private TurnNode start(TurnConfig config) {
    return new TurnNode(config, OwnMedia.NONE, registry);
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(HERE, port);
  }

  /** Somebody on another address of this machine, to whom data is relayed. */
  private static DatagramSocket peer() throws IOException {
    var peer = new DatagramSocket(TurnStage.at("127.0.0.2", 0));
    peer.setSoTimeout(10_000);
    return peer;
  }

  private static void relaysBothWays(WireClient client) throws IOException {
    try (DatagramSocket peer = peer()) {
      var peerAddress = (InetSocketAddress) peer.getLocalSocketAddress();
      InetSocketAddress relayed = client.ask(TestMessage.allocate()).relayed();
      assertThat(client.ask(TestMessage.channelBind(0x4000, peerAddress)).error()).isZero();
      client.raw(Arrays.copyOf(TestClient.channelData(0x4000, DATA), 12));
      var packet = new DatagramPacket(new byte[2048], 2048);
      peer.receive(packet);
      assertThat(Arrays.copyOf(packet.getData(), packet.getLength())).isEqualTo(DATA);
      assertThat(packet.getSocketAddress()).isEqualTo(relayed);
      peer.send(new DatagramPacket(DATA, DATA.length, relayed));
      assertThat(Arrays.copyOf(client.receive(), 9))
          .isEqualTo(TestClient.channelData(0x4000, DATA));
      try (DatagramSocket other = peer()) {
        other.send(new DatagramPacket(DATA, DATA.length, relayed));
        var indication = new TestAnswer(client.receive());
        assertThat(indication.value(0x0013)).isEqualTo(DATA);
        var from = (InetSocketAddress) other.getLocalSocketAddress();
        assertThat(indication.addresses(0x0012)).containsExactly(from);
        client.raw(TestMessage.sendIndication().peer(from).dontFragment().data(DATA).bytes());
        other.receive(packet);
        assertThat(packet.getLength()).isEqualTo(DATA.length);
      }
    }
  }

  @Test
  void relaysForClientsOnUdp() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode node = start(config);
        WireClient client = WireClient.udp(at(config.port()))) {
      relaysBothWays(client);
      assertThat(node.meter().packetsToPeers()).isEqualTo(2);
      assertThat(node.meter().packetsToClients()).isEqualTo(2);
      assertThat(registry.get("parley.turn.allocations").gauge().value()).isEqualTo(1);
    }
  }

  @Test
  void relaysForClientsOnTcp() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode _ = start(config);
        WireClient client = WireClient.tcp(at(config.port()))) {
      relaysBothWays(client);
    }
  }

  @Test
  void relaysForClientsOnTls() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode node = start(config);
        WireClient client = WireClient.tls(at(config.tlsPort()))) {
      assertThat(node.hasTls()).isTrue();
      assertThat(client.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=one");
      relaysBothWays(client);
    }
  }

  @Test
  void tellsClientsTheirAddress() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode _ = start(config);
        WireClient udp = WireClient.udp(at(config.port()));
        WireClient tcp = WireClient.tcp(at(config.port()))) {
      assertThat(udp.plain(TestMessage.binding()).addresses(0x0020)).containsExactly(udp.local());
      assertThat(tcp.plain(TestMessage.binding()).addresses(0x0020)).containsExactly(tcp.local());
    }
  }

  @Test
  void takesFramesAsTheyCome() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode _ = start(config);
        WireClient client = WireClient.tcp(at(config.port()))) {
      byte[] one = TestMessage.binding().bytes();
      byte[] three = new byte[60];
      for (int i = 0; i < 3; i++) {
        System.arraycopy(one, 0, three, 20 * i, 20);
      }
      for (byte each : Arrays.copyOf(three, 30)) {
        client.raw(new byte[] {each});
      }
      client.raw(Arrays.copyOfRange(three, 30, 60));
      for (int i = 0; i < 3; i++) {
        assertThat(new TestAnswer(client.receive()).type()).isEqualTo(0x0101);
      }
    }
  }

  @Test
  void endsConnectionsThatSpeakSomethingElse() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode node = start(config);
        WireClient client = WireClient.tcp(at(config.port()))) {
      client.raw("\u00ff\u00ff\u00ff\u00ff".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(client.isEnded()).isTrue();
      assertThat(node.meter().drops(TurnDrop.MALFORMED)).isEqualTo(1);
    }
  }

  @Test
  void endsTheAllocationOfAConnectionThatEnds() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode node = start(config)) {
      try (WireClient client = WireClient.tcp(at(config.port()))) {
        client.ask(TestMessage.allocate());
        assertThat(node.meter().allocations()).isEqualTo(1);
      }
      await(() -> node.meter().allocations() == 0);
    }
  }

  @Test
  void takesNoMoreConnectionsThanAllowed() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    WireClient[] clients = new WireClient[config.connections()];
    try (TurnNode node = start(config)) {
      for (int i = 0; i < clients.length; i++) {
        clients[i] = WireClient.tcp(at(config.port()));
        clients[i].plain(TestMessage.binding());
      }
      try (WireClient late = WireClient.tcp(at(config.port()))) {
        assertThat(late.isEnded()).isTrue();
      }
      assertThat(node.meter().drops(TurnDrop.CONNECTION_REFUSED)).isEqualTo(1);
      clients[0].close();
      await(
          () -> {
            try (WireClient again = WireClient.tcp(at(config.port()))) {
              return again.plain(TestMessage.binding()).error() == 0;
            } catch (IOException e) {
              return false;
            }
          });
      for (WireClient client : clients) {
        client.close();
      }
    }
  }

  /** Ports and file handles come back, however often; then there are as many as at first. */
  @Test
  void leaksNeitherPortsNorFileHandles() throws Exception {
    int relays = 16;
    TurnConfig config = config(freePort(), relays);
    try (TurnNode node = start(config)) {
      long before = 0;
      for (int round = 0; round < 20; round++) {
        WireClient[] clients = new WireClient[relays];
        for (int i = 0; i < relays; i++) {
          clients[i] = WireClient.udp(at(config.port()));
          assertThat(clients[i].ask(TestMessage.allocate()).error()).isZero();
        }
        try (WireClient late = WireClient.udp(at(config.port()))) {
          assertThat(late.ask(TestMessage.allocate()).error()).isEqualTo(508);
        }
        for (WireClient client : clients) {
          assertThat(client.ask(TestMessage.refresh(0)).error()).isZero();
          client.close();
        }
        before = round == 0 ? openFiles() : before;
      }
      assertThat(node.meter().allocations()).isZero();
      assertThat(openFiles()).isLessThanOrEqualTo(before + 3);
    }
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  @Test
  void twoClientsOfTheServerReachEachOther() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode _ = start(config);
        WireClient one = WireClient.udp(at(config.port()));
        WireClient two = WireClient.tcp(at(config.port()))) {
      InetSocketAddress first = one.ask(TestMessage.allocate()).relayed();
      InetSocketAddress second = two.ask(TestMessage.allocate()).relayed();
      one.ask(TestMessage.channelBind(0x4000, second));
      two.ask(TestMessage.channelBind(0x4000, first));
      one.raw(TestClient.channelData(0x4000, DATA));
      assertThat(Arrays.copyOf(two.receive(), 9)).isEqualTo(TestClient.channelData(0x4000, DATA));
    }
  }

  @Test
  void saysWhichPortIsTaken() throws Exception {
    TurnConfig config = config(freePort(), RELAYS);
    try (TurnNode _ = start(config)) {
      assertThatThrownBy(() -> start(config))
          .isInstanceOf(PortUnavailable.class)
          .hasMessageContaining("127.0.0.1 port " + config.port())
          .hasMessageContaining("turn.port");
    }
    try (TurnNode _ = start(config)) {
      assertThat(registry.get("parley.turn.allocations").gauge().value()).isZero();
    }
  }

  @Test
  void saysWhatIsWrongWithACertificate() throws Exception {
    TurnConfig right = config(freePort(), RELAYS);
    var wrong =
        new TurnConfig(
            right.addresses(),
            false,
            List.of(),
            right.port(),
            right.tlsPort(),
            right.key(),
            right.key(),
            right.firstRelayPort(),
            right.lastRelayPort(),
            right.realm(),
            right.users(),
            List.of(),
            List.of(),
            List.of(),
            0,
            0,
            0,
            0,
            true,
            8,
            List.of());
    assertThatThrownBy(() -> start(wrong))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("cannot be used for TLS")
        .hasMessageContaining("PEM");
  }

  private static void await(BooleanSupplier condition) {
    long endNs = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within ten seconds").isLessThan(endNs);
      Thread.onSpinWait();
    }
  }
}
