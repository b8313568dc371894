package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Browser;
import parley.load.browser.Client;
import parley.load.impair.Direction;
import parley.load.impair.Impairment;
import parley.load.impair.ImpairmentProxy;

/** What the page says of the connection, and why somebody is not heard, in both browsers. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class ConnectionTest {

  private World world;
  private final List<ImpairmentProxy> proxies = new ArrayList<>();
  private Browsers browsers;
  private String aliceJid;
  private String bobJid;

  @BeforeEach
  void start(Browsers all) {
    browsers = all;
    world = new World();
    aliceJid = world.jid(Person.ALICE);
    bobJid = world.jid(Person.BOB);
  }

  @AfterEach
  void close() {
    world.close();
    proxies.forEach(ImpairmentProxy::close);
  }

  @Test
  void showsTheFiguresOfAGoodConnection() {
    Client alice = world.signIn(Person.ALICE, browsers.chromium());
    Client bob = world.signIn(Person.BOB, browsers.firefox());
    world.call(alice, bobJid);
    world.call(bob, aliceJid);
    world.awaitActive(alice, bob);

    for (Client client : List.of(alice, bob)) {
      awaitConnection(client, "good", "c => c.quality === 'good' && c.mosUp > 4 && c.mosDown > 4");
      awaitConnection(client, "measured", "c => c.figures.roundTripMs >= 0 && c.figures.relay");
      JsonNode connection = connection(client);
      assertThat(connection.path("sentence").asText()).isEqualTo("You hear and are heard.");
      assertThat(connection.at("/figures/path").asText()).isEqualTo("udp, directly");
      assertThat(connection.path("levelDbov").asInt()).isBetween(-25, -5);
      assertThat(connection.path("others")).isEmpty();
      client.browser().click("#connection");
      world.awaitPage(
          client, "shown", "document.querySelectorAll('#connection-figures > div').length > 9");
      World.screenshot(client, "connection-" + browserOf(client));
      assertThat(text(client, "#connection-sentence")).isEqualTo("You hear and are heard.");
      assertThat(text(client, "#connection-name")).isEqualTo("Good connection");
      assertThat(client.evaluate("document.getElementById('trouble').hidden").asBoolean()).isTrue();
    }
  }

  @Test
  void saysToBothThatAMicrophoneIsSilent() {
    Client alice = world.signIn(Person.ALICE, browsers.chromium());
    Client bob = world.signIn(Person.BOB, browsers.firefox());
    alice.evaluate("(parleyTone.gain = 0, true)");
    world.call(alice, bobJid);
    world.call(bob, aliceJid);
    world.awaitActive(alice, bob);

    awaitConnection(alice, "told why", "c => c.fault === 'silent_microphone'");
    assertThat(connection(alice).path("quality").asText()).isEqualTo("lost");
    assertThat(connection(alice).path("sentence").asText())
        .isEqualTo(
            "You are not heard: the microphone sends digital silence. Check which microphone the"
                + " browser uses, and its switch and volume in the system.");
    world.awaitPage(alice, "warned", "!document.getElementById('trouble').hidden");
    World.screenshot(alice, "connection-silent-" + browserOf(alice));

    awaitConnection(bob, "told why", "c => c.others.length === 1");
    assertThat(connection(bob).at("/others/0/jid").asText()).isEqualTo(aliceJid);
    assertThat(connection(bob).at("/others/0/sentence").asText())
        .startsWith("Alice Archer is not heard: the microphone sends digital silence.");
    bob.browser().click("#connection");
    world.awaitPage(bob, "told", "!document.getElementById('connection-others').hidden");
    World.screenshot(bob, "connection-other-" + browserOf(bob));
  }

  @Test
  void namesTheWayThatLosesPackets() {
    Client alice = world.signIn(Person.ALICE, browsers.chromium(), world.detours(proxies));
    Client bob = world.signIn(Person.BOB, browsers.firefox(), world.detours(proxies));
    world.call(alice, bobJid);
    world.call(bob, aliceJid);
    world.awaitActive(alice, bob);
    // Both ask for what was lost, so it takes much to be more than a tenth.
    Impairment heavy = Impairment.NONE.withLoss(0.75);
    proxies.get(0).impair(Direction.TO_RELAY, heavy);
    proxies.get(1).impair(Direction.TO_RELAY, heavy);
    awaitConnection(alice, "told of losses", "c => c.fault === 'loss_up'");
    awaitConnection(bob, "unharmed, and told of Alice", "c => c.others[0]?.fault === 'loss_up'");
    assertThat(connection(alice).path("sentence").asText())
        .matches("You are heard badly: \\d+ % .* Your upload is weak: prefer a cable.*");
    World.screenshot(alice, "connection-loss-" + browserOf(alice));
  }

  @Test
  void takesAnotherMicrophoneWhenOneIsUnplugged() {
    Client alice = world.signIn(Person.ALICE, browsers.firefox());
    Client bob = world.signIn(Person.BOB, browsers.chromium());
    world.call(alice, bobJid);
    world.call(bob, aliceJid);
    world.awaitActive(alice, bob);
    world.assertHearsExactly(bob, List.of(alice));
    alice.evaluate(
        "(globalThis.changed = null, parley.addEventListener('device', e => changed ="
            + " e.detail.reason), true)");
    alice.evaluate("(parley.currentCall.microphone.getAudioTracks()[0].stop(), true)");

    world.awaitPage(alice, "on another microphone", "globalThis.changed === 'unplugged'");
    world.assertHearsExactly(bob, List.of(alice));
  }

  private void awaitConnection(Client client, String what, String condition) {
    world.awaitPage(
        client,
        what,
        "(c => Boolean(c && c.figures && (" + condition + ")(c)))(parley.currentCall?.connection)");
  }

  private static JsonNode connection(Client client) {
    return client.evaluate("JSON.parse(JSON.stringify(parley.currentCall.connection))");
  }

  private static String text(Client client, String selector) {
    return client.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  private static String browserOf(Client client) {
    Browser browser = client.browser();
    return browser.kind().name().toLowerCase(Locale.ROOT);
  }
}
