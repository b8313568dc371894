package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.load.browser.BrowserKind;
import parley.load.lab.Host;
import parley.load.lab.NetworkLab;

/**
 * Two people behind NATs of their own that let ever less out call each other, with the page as it
 * is: their browsers find the way by themselves.
 */
@Tag("browser")
class HardNetworkTest {

  private static final String SERVER = "203.0.113.10";

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    // UDP to the TURN server's port, and nothing to the media ports
    "udp, CHROMIUM, udp dport != 3478 drop, tcp dport != 443 drop",
    "udp, FIREFOX, udp dport != 3478 drop, tcp dport != 443 drop",
    // no UDP at all
    "tcp, CHROMIUM, meta l4proto udp drop, tcp dport != { 443; 3478 } drop",
    "tcp, FIREFOX, meta l4proto udp drop, tcp dport != { 443; 3478 } drop",
    // HTTPS, or what looks like it
    "tls, CHROMIUM, meta l4proto udp drop, tcp dport != 443 drop",
    "tls, FIREFOX, meta l4proto udp drop, tcp dport != 443 drop"
  })
  void theyHearEachOtherThroughTurn(String way, BrowserKind bobs, String udp, String tcp)
      throws Exception {
    Assumptions.assumeTrue(NetworkLab.isPossible(), "needs root, ip and nft");
    String[] walls = {udp, tcp.replace(';', ',')};
    try (NetworkLab lab = new NetworkLab()) {
      Host server = lab.publicHost(SERVER);
      Host atAlices = lab.behindNat("203.0.113.21", walls);
      Host atBobs = lab.behindNat("203.0.113.22", walls);
      try (var call =
          new CallInLab(folder, server, host(way), atAlices, BrowserKind.CHROMIUM, atBobs, bobs)) {
        call.call();
        assertThat(call.ways()).containsOnly("relay " + way);
      }
    }
  }

  /**
   * TURN by name only where TLS needs one: nothing answers DNS here, and of a browser's sockets
   * those for UDP do not know the name that it was given.
   */
  private static Map<String, String> host(String way) {
    return way.equals("tls") ? Map.of() : Map.of("PARLEY_TURN_HOST", SERVER);
  }
}
