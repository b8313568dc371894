package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import parley.relay.CandidateKind;

class ToldCandidatesTest {

  private final ToldCandidates told = new ToldCandidates();

  @Test
  void knowsTheKindsThatAnOfferTells() {
    told.addAll(
        """
        v=0\r
        a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host generation 0\r
        a=candidate:2 1 udp 1694498815 198.51.100.7 40001 typ srflx raddr 192.0.2.1 rport 40000\r
        a=candidate:3 1 udp 16777215 2001:db8::7 40002 typ relay raddr 198.51.100.7 rport 40001\r
        """);

    assertThat(kind("192.0.2.1", 40000)).isEqualTo(CandidateKind.HOST);
    assertThat(kind("198.51.100.7", 40001)).isEqualTo(CandidateKind.SRFLX);
    assertThat(kind("2001:db8::7", 40002)).isEqualTo(CandidateKind.RELAY);
  }

  @Test
  void knowsOneThatIsToldLater() {
    told.add("candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host");

    assertThat(kind("192.0.2.1", 40000)).isEqualTo(CandidateKind.HOST);
  }

  @Test
  void callsAnAddressThatNobodyToldOfPeerReflexive() {
    told.add("candidate:1 1 udp 2130706431 0b1ba0a5.local 40000 typ host");

    assertThat(kind("192.0.2.1", 40000)).isEqualTo(CandidateKind.PRFLX);
  }

  @Test
  void passesOverWhatItCannotRead() {
    for (String candidate :
        new String[] {
          "",
          "candidate:",
          "candidate:1 1 udp 1 192.0.2.1 99999999999 typ host",
          "candidate:1 1 udp 1 192.0.2.1 70000 typ host",
          "candidate:1 1 udp 1 192.0.2.1 4 typ",
          "candidate:1 1 udp 1 [::1 4 typ host"
        }) {
      assertThatCode(() -> told.add(candidate)).doesNotThrowAnyException();
    }
  }

  @Test
  void remembersOnlySoMany() {
    for (int i = 0; i < 2 * ToldCandidates.MAX; i++) {
      told.add("candidate:1 1 udp 1 192.0.2.1 " + (1000 + i) + " typ host");
    }

    assertThat(kind("192.0.2.1", 1000 + ToldCandidates.MAX - 1)).isEqualTo(CandidateKind.HOST);
    assertThat(kind("192.0.2.1", 1000 + ToldCandidates.MAX)).isEqualTo(CandidateKind.PRFLX);
  }

  private CandidateKind kind(String address, int port) {
    return told.kind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
  }
}
