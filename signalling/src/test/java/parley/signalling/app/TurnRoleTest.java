package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.api.TurnConfig;
import parley.signalling.settings.SettingsException;
import parley.signalling.settings.SettingsPrinter;
import parley.stun.OwnTurn;

class TurnRoleTest {

  @TempDir Path folder;

  private static AppConfig read(String... keysAndValues) throws SettingsException {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      environment.put("PARLEY_TURN_" + keysAndValues[i], keysAndValues[i + 1]);
    }
    return AppConfig.read(null, environment);
  }

  @Test
  void isOffUnlessAskedFor() throws Exception {
    assertThat(read().turn().enabled()).isFalse();
  }

  @Test
  void takesUsersAndSecrets() throws Exception {
    TurnConfig config =
        read("USERS", "[{name: me, password: mine}]", "SECRETS", "north wind").turn().config();
    assertThat(config.users()).containsExactly(Map.entry("me", "mine"));
    assertThat(config.secrets()).containsExactly("north wind");
    assertThat(config.port()).isEqualTo(3478);
    assertThat(config.firstRelayPort()).isEqualTo(49_152);
  }

  @Test
  void saysWhatIsMissingOrContradicts() throws Exception {
    assertThatThrownBy(() -> read().turn().config())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("turn.secrets")
        .hasMessageContaining("nobody could use");
    assertThatThrownBy(
            () ->
                read("SECRETS", "s", "FIRST_RELAY_PORT", "300", "LAST_RELAY_PORT", "200")
                    .turn()
                    .config())
        .hasMessageContaining("turn.first_relay_port");
    assertThatThrownBy(() -> read("SECRETS", "s", "CERTIFICATE", "c.pem").turn().config())
        .hasMessageContaining("turn.certificate");
  }

  @Test
  void tellsNoSecrets() throws Exception {
    AppConfig config = read("USERS", "[{name: me, password: hush}]", "SECRETS", "quiet");
    assertThat(SettingsPrinter.print(config)).contains("name: me").doesNotContain("hush", "quiet");
    assertThat(config.toString()).doesNotContain("hush").doesNotContain("quiet");
    assertThat(config.turn().config().toString()).doesNotContain("hush", "quiet");
  }

  @Test
  void isToldToClientsOnlyWhereItRuns() throws Exception {
    assertThat(read("SECRETS", "s").ownTurn()).isNull();
    assertThat(read("SECRETS", "s, t", "ENABLED", "true").ownTurn())
        .isEqualTo(new OwnTurn("", 3478, 0, "s"));
  }

  @Test
  void isWrittenForCoturn() throws Exception {
    String text =
        read("SECRETS", "s", "ALLOW_PEERS", "10.1.0.0/16", "DENY_PEERS", "2001:4860::/32")
            .turn()
            .coturn()
            .text();
    assertThat(text.lines())
        .contains(
            "static-auth-secret=s",
            "allowed-peer-ip=10.1.0.0-10.1.255.255",
            "denied-peer-ip=10.0.0.0-10.255.255.255",
            "denied-peer-ip=168.63.129.16",
            "denied-peer-ip=2001:4860:0:0:0:0:0:0-2001:4860:ffff:ffff:ffff:ffff:ffff:ffff");
  }

  /** For UDP and TCP; below the range that the system gives to outgoing connections. */
  private static int freePort(InetAddress here) {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
      try (var _ = new DatagramSocket(port, here);
          var _ = new ServerSocket(port, 1, here)) {
        return port;
      } catch (IOException e) {
        continue; // somebody has it
      }
    }
  }

  @Test
  void runStartsItBesideTheRest() throws Exception {
    InetAddress here = InetAddress.ofLiteral("127.0.0.1");
    int port = freePort(here);
    Map<String, String> settings =
        Map.of(
            "PARLEY_HTTP_PORT", "0",
            "PARLEY_MEDIA_ADDRESSES", "127.0.0.1",
            "PARLEY_MEDIA_LOOPS", "1",
            "PARLEY_MEDIA_PORT", String.valueOf(port + 10_000),
            "PARLEY_RECORDING_DIRECTORY", folder.toString(),
            "PARLEY_TURN_ENABLED", "true",
            "PARLEY_TURN_ADDRESSES", "127.0.0.1",
            "PARLEY_TURN_PORT", String.valueOf(port),
            "PARLEY_TURN_SECRETS", "north wind",
            "PARLEY_LOGGING_LEVEL", "warn");
    try (Node _ = Node.start(settings);
        var client = new DatagramSocket()) {
      client.setSoTimeout(10_000);
      byte[] request = HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");
      client.send(new DatagramPacket(request, request.length, here, port));
      var answer = new DatagramPacket(new byte[200], 200);
      client.receive(answer);
      assertThat(answer.getLength()).isEqualTo(32);
      assertThat(answer.getData()[0]).isEqualTo((byte) 1);
    }
  }
}
