package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.relay.api.RelayConfig;

class PortsTest {

  private static final Duration CONSENT = Duration.ofSeconds(30);

  @TempDir Path recordings;

  @ParameterizedTest
  @EnumSource(UdpTransport.class)
  void saysWhichPortIsInUseAndWhatToDo(UdpTransport transport) throws Exception {
    try (DatagramSocket other =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      RelayConfig config =
          RunningRelay.config(recordings, "127.0.0.1", other.getLocalPort(), CONSENT);

      assertThatThrownBy(() -> new RunningRelay(config, transport))
          .isInstanceOf(PortUnavailable.class)
          .hasMessageContaining("127.0.0.1")
          .hasMessageContaining(Integer.toString(other.getLocalPort()))
          .hasMessageContaining("media.port")
          .hasMessageContaining("another process");
    }
  }

  @ParameterizedTest
  @EnumSource(UdpTransport.class)
  void saysSoOfAnAddressThatItFoundByItself(UdpTransport transport) throws Exception {
    RelayConfig any = discovering(1);
    InetAddress address = LocalAddresses.toBind(any).getFirst();
    try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(address, 0))) {
      int port = other.getLocalPort();

      assertThatThrownBy(() -> new RunningRelay(discovering(port), transport))
          .isInstanceOf(PortUnavailable.class)
          .hasMessageContaining(
              "UDP port " + port + " on " + address.getHostAddress() + " is in use")
          .hasMessageContaining("media.port");
    }
  }

  private RelayConfig discovering(int port) {
    return new RelayConfig(List.of(), false, List.of(), port, 1, 3, CONSENT, 1, recordings);
  }

  @Test
  void saysWhichAddressTheMachineDoesNotHave() {
    RelayConfig config = RunningRelay.config(recordings, "192.0.2.254", 0, CONSENT);

    assertThatThrownBy(() -> new RunningRelay(config, UdpTransport.best()))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("192.0.2.254")
        .hasMessageContaining("media.addresses");
  }

  @Test
  void refusesPortsBeyondTheLast() {
    RelayConfig config = RunningRelay.config(recordings, "127.0.0.1", 65_535, CONSENT);

    assertThatThrownBy(() -> new RunningRelay(config, UdpTransport.best()))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("media.port 65535");
  }

  @Test
  void givesEveryLoopThePortAfterTheOneBefore() throws Exception {
    int port;
    try (DatagramSocket free =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.77"), 0))) {
      port = free.getLocalPort() - 1; // an address of loopback nobody else uses: both are free
    }
    try (RunningRelay running =
        new RunningRelay(
            RunningRelay.config(recordings, "127.0.0.77", port, CONSENT), UdpTransport.best())) {
      assertThat(running.relay.bound())
          .containsExactly(
              new InetSocketAddress(InetAddress.ofLiteral("127.0.0.77"), port),
              new InetSocketAddress(InetAddress.ofLiteral("127.0.0.77"), port + 1));
    }
  }

  @Test
  void bindsAndShowsEveryAddressOfTheMachineWhenNoneIsNamed() {
    RelayConfig config =
        new RelayConfig(List.of(), true, List.of(), 0, 1, 3, CONSENT, 1, recordings);
    try (RunningRelay running = new RunningRelay(config, UdpTransport.best())) {
      String answer =
          running.answer(running.open(false), "alice", running.client("alice").offer(1));

      assertThat(running.relay.bound())
          .hasSameSizeAs(LocalAddresses.toBind(config))
          .allSatisfy(port -> assertThat(answer).contains(" " + port.getPort() + " typ host"));
    }
  }

  @Test
  void showsAdvertisedAddressesInsteadOfBoundOnes() {
    RelayConfig config =
        new RelayConfig(
            List.of("127.0.0.1"), false, List.of("203.0.113.5"), 0, 1, 3, CONSENT, 1, recordings);
    try (RunningRelay running = new RunningRelay(config, UdpTransport.best())) {
      String answer =
          running.answer(running.open(false), "alice", running.client("alice").offer(1));

      assertThat(answer).contains("203.0.113.5").doesNotContain(" 127.0.0.1 ");
    }
  }
}
