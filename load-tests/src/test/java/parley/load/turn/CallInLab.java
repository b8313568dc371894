package parley.load.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import parley.load.Eventually;
import parley.load.browser.Browser;
import parley.load.browser.BrowserKind;
import parley.load.browser.BrowserSettings;
import parley.load.browser.Client;
import parley.load.browser.NamedServer;
import parley.load.lab.Host;
import parley.load.server.OwnNode;
import parley.load.server.ParleyProcess;

/** A node and two people with browsers, each on a host of a network lab. */
final class CallInLab implements AutoCloseable {

  /** What the node is called in its certificate; only its TLS port serves pages. */
  static final String NAME = "calls.example";

  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final int ALICES_TONE = 463;
  static final int BOBS_TONE = 719;

  /** Of the pair that media takes: how the browser's candidate came to be, and its address. */
  private static final String WAY =
      """
      (async () => {
        for (const connection of parleyEars.connections.toReversed()) {
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

  private final List<AutoCloseable> open = new ArrayList<>();
  private final ParleyProcess parley;

  final Client alice;
  final Client bob;

  /**
   * Starts the node and both browsers, and signs both in.
   *
   * @param server the node's host
   * @param more settings of the node besides
   */
  CallInLab(
      Path folder,
      Host server,
      Map<String, String> more,
      Host alices,
      BrowserKind alicesBrowser,
      Host bobs,
      BrowserKind bobsBrowser)
      throws Exception {
    TestKeys keys = TestKeys.writeSigned(folder);
    var known = new NamedServer(NAME, server.address(), keys.authority());
    try {
      parley =
          ParleyProcess.start(
              folder.resolve("recordings"),
              settings(server.address(), keys, more),
              List.of(),
              server.prefix());
      open.add(parley);
      Browser hers = alicesBrowser.start(BrowserSettings.forTests().at(alices).knowing(known));
      open.add(hers);
      Browser his = bobsBrowser.start(BrowserSettings.forTests().at(bobs).knowing(known));
      open.add(his);
      alice = signIn(hers, "alice", ALICES_TONE);
      bob = signIn(his, "bob", BOBS_TONE);
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  private static Map<String, String> settings(
      String address, TestKeys keys, Map<String, String> more) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "PARLEY_MEDIA_ADDRESSES",
                address,
                "PARLEY_MEDIA_LOOPBACK",
                "false",
                "PARLEY_DIRECTORY_DEMO_ON_NETWORK",
                "true",
                "PARLEY_TURN_ENABLED",
                "true",
                "PARLEY_TURN_HOST",
                NAME,
                "PARLEY_TURN_ADDRESSES",
                address,
                "PARLEY_TURN_TLS_PORT",
                "443",
                "PARLEY_TURN_CERTIFICATE",
                keys.chain().toString(),
                "PARLEY_TURN_KEY",
                keys.key().toString(),
                "PARLEY_TURN_SECRETS",
                "north wind"));
    all.putAll(more);
    return all;
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

  /** Alice calls Bob, who accepts; both hear each other. */
  void call() {
    String alicesJid = jid(alice);
    alice.evaluate("parley.call('" + jid(bob) + "').then(() => true)");
    bob.received("server.call.buzz", PATIENCE, any -> true);
    bob.evaluate("parley.call('" + alicesJid + "').then(() => true)");
    for (Client client : List.of(alice, bob)) {
      Eventually.until(
          client + " to be in the call",
          PATIENCE,
          () -> client.evaluate("parley.currentCall?.state === 'active'").asBoolean(),
          () -> client.describe() + "\n" + parley.logTail());
    }
    bothHear();
  }

  void bothHear() {
    hears(alice, BOBS_TONE);
    hears(bob, ALICES_TONE);
  }

  private void hears(Client client, int toneHz) {
    Eventually.value(
        client + " to hear " + toneHz + " Hz",
        PATIENCE,
        () -> client.spectrum(Duration.ofMillis(1500)),
        heard ->
            new TreeSet<>(heard.tonesAmong(List.of(ALICES_TONE, BOBS_TONE)))
                .equals(new TreeSet<>(List.of(toneHz))),
        () -> client.describe() + "\n" + parley.logTail());
  }

  /** By what kind of candidate and protocol each of the two has the call: "relay udp". */
  List<String> ways() {
    return List.of(way(alice), way(bob));
  }

  private static String way(Client client) {
    return client.evaluate(WAY).asText();
  }

  /** The call's uid, which is the same for both. */
  String uid() {
    String uid = alice.evaluate("parley.currentCall.uid").asText();
    assertThat(bob.evaluate("parley.currentCall.uid").asText()).isEqualTo(uid).isNotEmpty();
    return uid;
  }

  private static String jid(Client client) {
    JsonNode me =
        client.evaluate(
            "fetch('/api/v4/teams/%s', {headers: {token: '%s'}}).then((r) => r.json())"
                .formatted(OwnNode.DEMO_TEAM, client.name()));
    return me.at("/result/me/jid").asText();
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }
}
