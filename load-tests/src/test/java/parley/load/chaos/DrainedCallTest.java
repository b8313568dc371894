package parley.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.load.Eventually;
import parley.load.audio.Pcm;
import parley.load.browser.Browser;
import parley.load.browser.BrowserKind;
import parley.load.browser.BrowserSettings;
import parley.load.browser.Client;
import parley.load.server.ParleyProcess;

/**
 * Two browsers, each connected to a node that only holds sockets, talk over one that only carries
 * calls; it is drained and ends, and the call goes on over another one.
 *
 * <p>{@code -Dparley.drain.times=20} drains so often, prints for how long each of them heard
 * nothing, and wants it to be less than can be noticed. Without it nothing is done: it takes a
 * machine that does nothing else.
 */
@Tag("browser")
@Tag("slow")
class DrainedCallTest {

  private static final String MEETING = "g-3f7e2a85-49f5-4586-8229-d9c52813dcb2";
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** A tone of a voice is far louder, and what the browser puts in the place of a loss is not. */
  private static final double SILENT_DB = -45;

  private static final double WINDOW_MS = 10;

  /** What is wanted of a call that is handed over. */
  private static final double LONGEST_GAP_MS = 300;

  @TempDir private Path folder;
  private final List<AutoCloseable> running = new ArrayList<>();
  private int started;

  private ParleyProcess start(NatsProcess nats, String role) throws Exception {
    String name = role + "-" + ++started;
    var settings = new HashMap<String, String>();
    settings.put("PARLEY_ROLES", role);
    settings.put("PARLEY_ICE_SERVERS", "[{urls: 'stun:127.0.0.1:9'}]"); // needed by nobody here
    settings.put("PARLEY_NATS_URL", "nats://127.0.1.100:" + nats.address().getPort());
    settings.put("PARLEY_NATS_NODE", name);
    Path own = Files.createDirectories(folder.resolve(name));
    ParleyProcess process = ParleyProcess.start(own, settings, List.of());
    running.add(process);
    return process;
  }

  @Test
  void goesOnWhileItsNodeIsDrained() throws Exception {
    int times = Integer.getInteger("parley.drain.times", 0);
    assumeTrue(times > 0, "a measurement, for -Dparley.drain.times=20");
    assumeTrue(
        NatsProcess.isInstalled(),
        "nats-server is missing: load-tests/install-clients installs it");
    try {
      NatsProcess nats = new NatsProcess(folder.resolve("nats"));
      running.add(nats);
      Client alice = signIn(start(nats, "signalling"), "alice", 700, BrowserKind.CHROMIUM);
      Client bob = signIn(start(nats, "signalling"), "bob", 1100, BrowserKind.FIREFOX);
      List<ParleyProcess> relays = new ArrayList<>();
      relays.add(start(nats, "relay"));
      relays.add(start(nats, "relay"));
      await(alice, "the relays", "parley.call('" + MEETING + "').then(() => true, () => false)");
      await(bob, "the call", "parley.call('" + MEETING + "').then(() => true, () => false)");
      double longest = 0;
      for (int i = 0; i < times; i++) {
        await(alice, "a voice", isHeard());
        await(bob, "a voice", isHeard());
        ParleyProcess owner = owner(relays, alice);
        double fromMs = System.currentTimeMillis() - 500.0;
        owner.close(); // as SIGTERM: it hands over, waits, and ends
        relays.remove(owner);
        ParleyProcess next = relays.getFirst();
        for (Client each : List.of(alice, bob)) {
          Eventually.until(
              each + " to be at the other relay", PATIENCE, () -> isAt(next, each), each::describe);
        }
        double toMs = System.currentTimeMillis() + 1_500.0;
        double alices = gapMs(alice.hear(fromMs, toMs));
        double bobs = gapMs(bob.hear(fromMs, toMs));
        longest = Math.max(longest, Math.max(alices, bobs));
        System.out.printf(
            Locale.ROOT,
            "drain %d: Chromium heard nothing for %.0f ms, Firefox for %.0f ms%n",
            i + 1,
            alices,
            bobs);
        relays.add(start(nats, "relay"));
      }
      assertThat(alice.evaluate("parley.currentCall.state").asText()).isEqualTo("active");
      assertThat(longest).as("the longest gap, in ms").isLessThan(LONGEST_GAP_MS);
    } finally {
      for (AutoCloseable each : running.reversed()) {
        each.close();
      }
    }
  }

  private Client signIn(ParleyProcess node, String name, int toneHz, BrowserKind kind) {
    Browser browser = kind.start(BrowserSettings.forTests());
    running.add(browser);
    Client client = Client.prepare(browser, name, toneHz, Map.of());
    browser.open(node.url() + "/#as=" + name);
    await(client, "the server", "globalThis.parley?.state === 'online'");
    return client;
  }

  private static void await(Client client, String what, String condition) {
    Eventually.until(
        client + " to have " + what,
        PATIENCE,
        () -> client.evaluate(condition).asBoolean(),
        client::describe);
  }

  private static String isHeard() {
    return "(parley.currentCall?.participants ?? []).some((it) => !it.self && it.level > 0.01)";
  }

  private static boolean isAt(ParleyProcess relay, Client client) {
    String sdp =
        client
            .evaluate("parley.currentCall?.peerConnection?.remoteDescription?.sdp ?? ''")
            .asText();
    return relay.mediaPorts().stream().anyMatch(port -> sdp.contains(" " + port + " typ host"));
  }

  private static ParleyProcess owner(List<ParleyProcess> relays, Client client) {
    return relays.stream().filter(relay -> isAt(relay, client)).findFirst().orElseThrow();
  }

  /** The longest time without sound. */
  private static double gapMs(Pcm heard) {
    double longest = 0;
    double silentMs = 0;
    for (double ms = heard.startMs(); ms + WINDOW_MS <= heard.endMs(); ms += WINDOW_MS) {
      boolean isSilent = heard.between(ms, ms + WINDOW_MS).levelDb() < SILENT_DB;
      silentMs = isSilent ? silentMs + WINDOW_MS : 0;
      longest = Math.max(longest, silentMs);
    }
    return longest;
  }
}
