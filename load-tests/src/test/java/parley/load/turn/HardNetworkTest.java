package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.load.Eventually;
import parley.load.browser.Browser;
import parley.load.browser.BrowserKind;
import parley.load.browser.BrowserSettings;
import parley.load.browser.Client;
import parley.load.browser.NamedServer;
import parley.load.lab.Host;
import parley.load.lab.NetworkLab;
import parley.load.server.OwnNode;
import parley.load.server.ParleyProcess;

/**
 * Two people behind NATs of their own that let ever less out call each other, with the page as it
 * is: their browsers find the way by themselves.
 */
@Tag("browser")
class HardNetworkTest {

  private static final String SERVER = "203.0.113.10";
  private static final String NAME = "calls.example";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ALICES_TONE = 463;
  private static final int BOBS_TONE = 719;

  /** Of the pair that media takes: how the browser's candidate came to be. */
  private static final String WAY =
      """
      (async () => {
        for (const connection of parleyEars.connections) {
          const stats = await connection.getStats();
          const all = [...stats.values()];
          const transport = all.find((each) => each.selectedCandidatePairId);
          const pair = transport && stats.get(transport.selectedCandidatePairId);
          const local = pair && stats.get(pair.localCandidateId);
          if (local) return local.candidateType + ' ' + (local.relayProtocol ?? local.protocol);
        }
        return '';
      })()
      """;

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
      TestKeys keys = TestKeys.writeSigned(folder);
      var known = new NamedServer(NAME, SERVER, keys.authority());
      try (ParleyProcess parley =
              ParleyProcess.start(
                  folder.resolve("recordings"), settings(keys, way), List.of(), server.prefix());
          Browser hers =
              BrowserKind.CHROMIUM.start(BrowserSettings.forTests().at(atAlices).knowing(known));
          Browser his = bobs.start(BrowserSettings.forTests().at(atBobs).knowing(known))) {
        Client alice = signIn(hers, "alice", ALICES_TONE);
        Client bob = signIn(his, "bob", BOBS_TONE);
        String alicesJid = jid(alice);
        String bobsJid = jid(bob);
        alice.evaluate("parley.call('" + bobsJid + "').then(() => true)");
        bob.received("server.call.buzz", PATIENCE, any -> true);
        bob.evaluate("parley.call('" + alicesJid + "').then(() => true)");
        for (Client client : List.of(alice, bob)) {
          Eventually.until(
              client + " to be in the call",
              PATIENCE,
              () -> client.evaluate("parley.currentCall?.state === 'active'").asBoolean(),
              () -> client.describe() + "\n" + parley.logTail());
        }
        hears(alice, BOBS_TONE, parley);
        hears(bob, ALICES_TONE, parley);
        assertThat(List.of(way(alice), way(bob))).containsOnly("relay " + way);
      }
    }
  }

  /**
   * TURN by name only where TLS needs one: nothing answers DNS here, and of a browser's sockets
   * those for UDP do not know the name that it was given.
   */
  private static Map<String, String> settings(TestKeys keys, String way) {
    return Map.of(
        "PARLEY_MEDIA_ADDRESSES",
        SERVER,
        "PARLEY_MEDIA_LOOPBACK",
        "false",
        "PARLEY_DIRECTORY_DEMO_ON_NETWORK",
        "true",
        "PARLEY_TURN_ENABLED",
        "true",
        "PARLEY_TURN_HOST",
        way.equals("tls") ? NAME : SERVER,
        "PARLEY_TURN_ADDRESSES",
        SERVER,
        "PARLEY_TURN_TLS_PORT",
        "443",
        "PARLEY_TURN_CERTIFICATE",
        keys.chain().toString(),
        "PARLEY_TURN_KEY",
        keys.key().toString(),
        "PARLEY_TURN_SECRETS",
        "north wind");
  }

  private static Client signIn(Browser browser, String name, int toneHz) {
    Client client = Client.prepare(browser, name, toneHz, Map.of());
    browser.open("https://" + NAME + "/#as=" + name);
    Eventually.until(
        name + " to be signed in",
        PATIENCE,
        () -> client.evaluate("globalThis.parley?.state === 'online'").asBoolean(),
        client::describe);
    return client;
  }

  private static String jid(Client client) {
    JsonNode me =
        client.evaluate(
            "fetch('/api/v4/teams/%s', {headers: {token: '%s'}}).then((r) => r.json())"
                .formatted(OwnNode.DEMO_TEAM, client.name()));
    return me.at("/result/me/jid").asText();
  }

  private static void hears(Client client, int toneHz, ParleyProcess parley) {
    Eventually.value(
        client + " to hear " + toneHz + " Hz",
        PATIENCE,
        () -> client.spectrum(Duration.ofMillis(1500)),
        heard ->
            new TreeSet<>(heard.tonesAmong(List.of(ALICES_TONE, BOBS_TONE)))
                .equals(new TreeSet<>(List.of(toneHz))),
        () -> client.describe() + "\n" + parley.logTail());
  }

  private static String way(Client client) {
    return client.evaluate(WAY).asText();
  }
}
