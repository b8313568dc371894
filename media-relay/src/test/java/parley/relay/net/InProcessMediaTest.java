package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.RelayConfig;
import parley.relay.api.TurnConfig;
import parley.relay.turn.TestAnswer;
import parley.relay.turn.TestMessage;
import parley.relay.turn.TurnDrop;
import parley.relay.turn.WireClient;

/** A TURN server and the media loops of one process: nothing between them passes the kernel. */
class InProcessMediaTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  /** Of no machine: what is sent there through the kernel is never seen again. */
  private static final InetAddress OUTSIDE = InetAddress.ofLiteral("203.0.113.9");

  private static final int CHANNEL = 0x4000;

  @TempDir Path recordings;

  private static int freePort() throws Exception {
    try (ServerSocket tcp = new ServerSocket(0, 1, HERE);
        DatagramSocket _ = new DatagramSocket(tcp.getLocalPort(), HERE)) {
      return tcp.getLocalPort();
    }
  }

  private static TurnConfig turn(int port) {
    return new TurnConfig(
        List.of("127.0.0.1"),
        false,
        List.of(),
        port,
        0,
        "",
        "",
        23_000,
        23_999,
        "example.org",
        Map.of("me", "mine"),
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
  }

  private RelayConfig media() {
    return new RelayConfig(
        List.of("127.0.0.1"),
        false,
        List.of(OUTSIDE.getHostAddress()),
        0,
        1,
        3,
        Duration.ofSeconds(30),
        8,
        recordings);
  }

  @Test
  void reachesAMediaPortByTheAddressThatOnlyTheOutsideKnows() throws Exception {
    int port = freePort();
    try (RunningRelay running = new RunningRelay(media(), UdpTransport.best());
        TurnNode node =
            new TurnNode(turn(port), running.relay.ownMedia(), new SimpleMeterRegistry());
        WireClient client = WireClient.udp(new InetSocketAddress(HERE, port))) {
      var mediaPort = new InetSocketAddress(OUTSIDE, running.relay.bound().getFirst().getPort());
      InetSocketAddress relayed = client.ask(TestMessage.allocate()).relayed();
      assertThat(client.ask(TestMessage.channelBind(CHANNEL, mediaPort)).error()).isZero();
      for (int i = 0; i < 100; i++) {
        byte[] question = TestMessage.binding().bytes();
        client.raw(onChannel(question));
        byte[] back = client.receive();
        assertThat(Arrays.copyOf(back, 2)).isEqualTo(new byte[] {0x40, 0});
        var answer = new TestAnswer(Arrays.copyOfRange(back, 4, back.length));
        assertThat(answer.addresses(0x0020)).containsExactly(relayed);
      }
      assertThat(node.meter().packetsToClients()).isEqualTo(100);
    }
  }

  @Test
  void leavesAllOtherPortsOfTheNodeClosed() throws Exception {
    int port = freePort();
    try (RunningRelay running = new RunningRelay(media(), UdpTransport.best());
        TurnNode node =
            new TurnNode(turn(port), running.relay.ownMedia(), new SimpleMeterRegistry());
        WireClient client = WireClient.udp(new InetSocketAddress(HERE, port))) {
      client.ask(TestMessage.allocate());
      assertThat(
              client
                  .ask(TestMessage.channelBind(CHANNEL, new InetSocketAddress(HERE, port)))
                  .error())
          .isZero();
      client.raw(onChannel(TestMessage.binding().bytes()));
      assertThat(client.plain(TestMessage.binding()).error()).isZero(); // it came behind the other
      assertThat(node.meter().drops(TurnDrop.OWN_PORT)).isEqualTo(1);
    }
  }

  private static byte[] onChannel(byte[] data) {
    byte[] whole = new byte[4 + data.length];
    whole[0] = 0x40;
    whole[3] = (byte) data.length;
    System.arraycopy(data, 0, whole, 4, data.length);
    return whole;
  }
}
