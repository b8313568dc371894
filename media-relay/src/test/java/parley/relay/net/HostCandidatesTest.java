package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.relay.api.IceCandidate;

class HostCandidatesTest {

  @Test
  void givesEveryAddressItsOwnFoundationAndALowerPriorityThanTheOneBefore() {
    List<IceCandidate> candidates =
        HostCandidates.of(List.of(socket("2001:db8::1"), socket("192.0.2.1")), 1);

    assertThat(candidates)
        .containsExactly(
            new IceCandidate("candidate:1 1 udp 2130706431 2001:db8:0:0:0:0:0:1 5000 typ host", 1),
            new IceCandidate("candidate:2 1 udp 2130706175 192.0.2.1 5000 typ host", 1));
  }

  private static InetSocketAddress socket(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 5000);
  }
}
