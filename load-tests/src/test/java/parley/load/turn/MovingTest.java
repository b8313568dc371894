package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.load.Eventually;
import parley.load.browser.BrowserKind;
import parley.load.lab.Host;
import parley.load.lab.NetworkLab;

/** Networks that change, and networks without IPv4. */
@Tag("browser")
class MovingTest {

  private static final Logger log = LoggerFactory.getLogger(MovingTest.class);

  private static final String SERVER = "203.0.113.10";

  @TempDir private Path folder;

  /** A telephone that leaves the Wi-Fi: its address there is gone without a word to anybody. */
  @ParameterizedTest
  @EnumSource(BrowserKind.class)
  void goesOnByTheMobileNetworkWhenWiFiIsGone(BrowserKind bobs) throws Exception {
    Assumptions.assumeTrue(NetworkLab.isPossible(), "needs root, ip and nft");
    try (NetworkLab lab = new NetworkLab()) {
      Host server = lab.publicHost(SERVER);
      Host atAlices = lab.behindNat("203.0.113.21");
      Host atBobs = lab.behindNat("203.0.113.22");
      lab.addMobileNetwork(atBobs, "203.0.113.23");
      try (var call =
          new CallInLab(
              folder,
              server,
              Map.of("PARLEY_TURN_HOST", SERVER),
              atAlices,
              BrowserKind.CHROMIUM,
              atBobs,
              bobs)) {
        call.call();
        String uid = call.uid();
        atBobs.run("ip", "link", "set", "eth0", "down");
        long since = System.nanoTime();
        Eventually.until(
            "nothing of Bob to be lost any more",
            CallInLab.PATIENCE,
            () ->
                call.alice
                            .spectrum(Duration.ofMillis(500))
                            .tonesAmong(List.of(CallInLab.BOBS_TONE))
                            .size()
                        == 1
                    && call.bob
                        .evaluate(
                            "parley.state === 'online' && parley.currentCall.state === 'active'")
                        .asBoolean(),
            call.bob::describe);
        log.info("{}: heard again after {} ms", bobs, (System.nanoTime() - since) / 1_000_000);
        call.bothHear();
        assertThat(call.uid()).isEqualTo(uid);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BrowserKind.class)
  void callsWithoutIpv4(BrowserKind bobs) throws Exception {
    Assumptions.assumeTrue(NetworkLab.isPossible(), "needs root, ip and nft");
    try (NetworkLab lab = new NetworkLab()) {
      Host server = lab.publicHost("2001:db8::10");
      Host atAlices = lab.publicHost("2001:db8::21");
      Host atBobs = lab.publicHost("2001:db8::22");
      try (var call =
          new CallInLab(folder, server, Map.of(), atAlices, BrowserKind.CHROMIUM, atBobs, bobs)) {
        call.call();
        assertThat(call.ways()).containsOnly("host udp");
      }
    }
  }
}
