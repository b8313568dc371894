package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.RelayConfig;

class LocalAddressesTest {

  @Test
  void takesConfiguredAddressesInRfc6724Order() {
    RelayConfig config = config(List.of("127.0.0.1", "fd00::1", "192.0.2.1", "2001:db8::1"), false);

    assertThat(LocalAddresses.toBind(config))
        .containsExactly(
            InetAddress.ofLiteral("2001:db8::1"),
            InetAddress.ofLiteral("192.0.2.1"),
            InetAddress.ofLiteral("fd00::1"),
            InetAddress.ofLiteral("127.0.0.1"));
  }

  @Test
  void addsLoopbackLast() {
    assertThat(LocalAddresses.toBind(config(List.of("192.0.2.1"), true)))
        .startsWith(InetAddress.ofLiteral("192.0.2.1"))
        .contains(InetAddress.ofLiteral("127.0.0.1"));
  }

  @Test
  void findsSomethingOnEveryMachine() {
    assertThat(LocalAddresses.toBind(config(List.of(), true))).isNotEmpty();
  }

  @Test
  void namesTheKeyOfAnAddressThatIsNone() {
    assertThatThrownBy(() -> LocalAddresses.toBind(config(List.of("media.example"), false)))
        .isInstanceOf(PortUnavailable.class)
        .hasMessageContaining("media.addresses")
        .hasMessageContaining("media.example");
  }

  private static RelayConfig config(List<String> addresses, boolean loopback) {
    return new RelayConfig(
        addresses, loopback, List.of(), 0, 1, 3, Duration.ofSeconds(30), 1, Path.of("unused"));
  }
}
