package parley.load.bench.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RemoteEndTest {

  private static final String SDP =
      """
      v=0
      a=fingerprint:SHA-256 AB:CD
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      a=ice-ufrag:abcd
      a=ice-pwd:secret
      a=candidate:2 1 udp 2015363583 fd00::2 54812 typ host
      a=candidate:1 1 UDP 2015363327 192.0.2.2 43528 typ host
      """;

  @Test
  void takesTheFirstCandidateOfIpv4() {
    assertThat(RemoteEnd.of(SDP.replace("\n", "\r\n")))
        .isEqualTo(new RemoteEnd("abcd", "secret", "sha-256 AB:CD", 0xC0000202, 43528));
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> RemoteEnd.of(SDP.replace("ice-pwd", "pwd")))
        .hasMessageContaining("a=ice-pwd:");
    assertThatThrownBy(() -> RemoteEnd.of("v=0")).hasMessageContaining("candidate");
  }

  @Test
  void writesAddressesAsTheyAreRead() {
    assertThat(RemoteEnd.text(RemoteEnd.number("198.51.100.7"))).isEqualTo("198.51.100.7");
  }
}
