package parley.load.impair;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImpairmentProxyTest {

  private static final int PACKETS = 300;
  private static final List<Integer> ALL = IntStream.range(0, PACKETS).boxed().toList();

  private DatagramSocket relay;
  private DatagramSocket client;

  @BeforeEach
  void open() throws IOException {
    relay = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    relay.setReceiveBufferSize(1 << 20);
  }

  @AfterEach
  void close() {
    relay.close();
    client.close();
  }

  @Test
  void passesEverythingInOrderWhenNothingIsWrong() throws IOException {
    assertThat(sent(1, Impairment.NONE)).isEqualTo(ALL);
  }

  @Test
  void comesFromAnotherPortAfterRebinding() throws IOException {
    try (ImpairmentProxy proxy = new ImpairmentProxy(addressOf(relay), 1)) {
      relay.setSoTimeout(20);
      int before = portSeen(proxy);
      proxy.rebind();
      // Until the proxy's thread has noticed: an attempt may still leave from the old one.
      int attempts = 0;
      while (portSeen(proxy) == before) {
        assertThat(attempts++).isLessThan(500);
      }
    }
  }

  @Test
  void losesTheSamePacketsForTheSameSeed() throws IOException {
    Impairment loss = Impairment.NONE.withLoss(0.2);
    List<Integer> first = sent(11, loss);
    assertThat(first)
        .hasSizeBetween(200, 280)
        .isEqualTo(sent(11, loss))
        .isNotEqualTo(sent(12, loss));
  }

  @Test
  void jitterKeepsTheOrderAndReorderingDoesNot() throws IOException {
    Impairment jitter = Impairment.NONE.withDelay(Duration.ofMillis(5), Duration.ofMillis(10));
    assertThat(sent(1, jitter)).isEqualTo(ALL);
    List<Integer> reordered = sent(1, Impairment.NONE.withReorder(0.1, Duration.ofMillis(20)));
    assertThat(reordered).isNotEqualTo(ALL).containsExactlyInAnyOrderElementsOf(ALL);
  }

  @Test
  void duplicates() throws IOException {
    List<Integer> twice = sent(1, Impairment.NONE.withDuplicate(0.1));
    assertThat(twice).hasSizeBetween(PACKETS + 10, PACKETS + 60).containsAll(ALL);
  }

  @Test
  void answersTheClientThatAsked() throws IOException {
    try (ImpairmentProxy proxy = new ImpairmentProxy(addressOf(relay), 1)) {
      send(proxy, 42);
      DatagramPacket asked = new DatagramPacket(new byte[8], 8);
      relay.setSoTimeout(5_000);
      relay.receive(asked);
      relay.send(new DatagramPacket(new byte[] {0, 0, 0, 43}, 4, asked.getSocketAddress()));
      DatagramPacket answer = new DatagramPacket(new byte[8], 8);
      client.setSoTimeout(5_000);
      client.receive(answer);
      assertThat(ByteBuffer.wrap(answer.getData()).getInt()).isEqualTo(43);
      assertThat(answer.getPort()).isEqualTo(proxy.port());
    }
  }

  /** Sends numbered packets through a proxy and returns the numbers in order of arrival. */
  private List<Integer> sent(long seed, Impairment impairment) throws IOException {
    try (ImpairmentProxy proxy = new ImpairmentProxy(addressOf(relay), seed)) {
      proxy.impair(Direction.TO_RELAY, impairment);
      for (int i = 0; i < PACKETS; i++) {
        send(proxy, i);
      }
      List<Integer> arrived = new ArrayList<>();
      relay.setSoTimeout(400);
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(new byte[8], 8);
          relay.receive(packet);
          arrived.add(ByteBuffer.wrap(packet.getData()).getInt());
        }
      } catch (SocketTimeoutException e) {
        return arrived;
      }
    }
  }

  /** Sends until something arrives; from where it came. */
  private int portSeen(ImpairmentProxy proxy) throws IOException {
    for (int attempt = 0; attempt < 500; attempt++) {
      send(proxy, attempt);
      try {
        DatagramPacket packet = new DatagramPacket(new byte[8], 8);
        relay.receive(packet);
        return packet.getPort();
      } catch (SocketTimeoutException e) {
        // once more
      }
    }
    throw new AssertionError("nothing arrives");
  }

  private void send(ImpairmentProxy proxy, int number) throws IOException {
    byte[] data = ByteBuffer.allocate(4).putInt(number).array();
    client.send(
        new DatagramPacket(
            data, 4, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())));
  }

  private static InetSocketAddress addressOf(DatagramSocket socket) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }
}
