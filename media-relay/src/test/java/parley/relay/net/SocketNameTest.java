package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SocketNameTest {

  private final MemorySegment memory = Arena.ofAuto().allocate(64, 8);

  private InetSocketAddress through(InetSocketAddress address, int bytes) {
    assertThat(SocketName.write(memory, 32, address)).isEqualTo(bytes);
    return SocketName.read(memory, 32);
  }

  @Test
  void readsWhatItWrote() {
    var ipv4 = new InetSocketAddress(InetAddress.ofLiteral("203.0.113.9"), 65_535);
    var ipv6 = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::9"), 1);
    assertThat(through(ipv4, 16)).isEqualTo(ipv4);
    assertThat(through(ipv6, 28)).isEqualTo(ipv6);
  }

  /** Link-local addresses are of a link. */
  @Test
  void keepsTheScope() throws Exception {
    byte[] ip = InetAddress.ofLiteral("fe80::1").getAddress();
    var address = new InetSocketAddress(Inet6Address.getByAddress(null, ip, 1), 5);
    assertThat(((Inet6Address) through(address, 28).getAddress()).getScopeId()).isEqualTo(1);
  }

  @Test
  void knowsAnAddressAgain() {
    var known = new KnownNames();
    var one = new InetSocketAddress(InetAddress.ofLiteral("203.0.113.9"), 40_000);
    var other = new InetSocketAddress(InetAddress.ofLiteral("203.0.113.9"), 40_001);
    SocketName.write(memory, 0, one);
    InetSocketAddress first = known.at(memory, 0);
    assertThat(first).isEqualTo(one);
    SocketName.write(memory, 0, other);
    assertThat(known.at(memory, 0)).isEqualTo(other);
    SocketName.write(memory, 0, one);
    assertThat(known.at(memory, 0)).isSameAs(first);
  }
}
