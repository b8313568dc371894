package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedAddressTest {

  @ParameterizedTest
  @CsvSource({
    "203.0.113.77, 203.0.x.x:5000",
    "2001:db8::1, [2001:db8:x]:5000",
  })
  void showsTheNetworkAndNotTheHost(String address, String masked) {
    InetSocketAddress socket = new InetSocketAddress(InetAddress.ofLiteral(address), 5000);

    assertThat(MaskedAddress.of(socket)).hasToString(masked);
  }
}
