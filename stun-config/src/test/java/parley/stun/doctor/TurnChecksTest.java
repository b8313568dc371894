package parley.stun.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.stun.IceServer;
import parley.stun.doctor.Finding.Verdict;

/** Nobody answers at the servers' ports here: what is said of their names does not depend on it. */
class TurnChecksTest {

  private static List<Finding> names(String url, String ownName, int relayPort) {
    var installation =
        new Installation(
            List.of(),
            List.of(InetAddress.ofLiteral("127.0.0.1")),
            20_000,
            List.of(new IceServer(url, "user", "credential")),
            ownName,
            "",
            "",
            Path.of("."),
            null,
            relayPort,
            relayPort,
            30_000,
            "",
            "");
    return new TurnChecks(installation, relayPort == 0)
        .run().stream().filter(finding -> finding.check().startsWith("name ")).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"turns:127.0.0.1:1", "turns:[::1]:1?transport=tcp"})
  void warnsOfTlsAtAnAddress(String url) {
    assertThat(names(url, "", 0))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
              assertThat(finding.check()).isEqualTo("name " + url);
              assertThat(finding.found())
                  .isEqualTo("Clients are told " + url + ", an address instead of a name.");
              assertThat(finding.why()).contains("Firefox");
              assertThat(finding.change()).contains("ice_servers");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "turns:localhost:1",
        "turns:127.0.0.1.localhost:1",
        "turn:127.0.0.1:1?transport=tcp"
      })
  void warnsNeitherOfNamesNorOfWhatIsNoTls(String url) {
    assertThat(names(url, "", 0)).isEmpty();
  }

  @Test
  void saysWhichSettingNamesThisNodesOwnServer() {
    assertThat(names("turns:127.0.0.1:443", "127.0.0.1", 49_152))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.found()).startsWith("Clients are told");
              assertThat(finding.change()).contains("turn.host");
            });
    assertThat(names("turns:127.0.0.1:443", "", 49_152))
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.found()).contains("reaches the pages by an address"));
  }
}
