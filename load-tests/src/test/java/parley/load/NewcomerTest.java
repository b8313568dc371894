package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import parley.load.audio.Pcm;
import parley.load.browser.Browser;
import parley.load.browser.BrowserKind;
import parley.load.browser.BrowserSettings;
import parley.load.browser.Client;

/**
 * As somebody would try it who has just installed a browser: no test flag but a fake microphone,
 * the demo page, and a mouse. Each kind of browser calls the other once.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class NewcomerTest {

  @ParameterizedTest
  @EnumSource
  void twoPeopleCallEachOtherByClicking(BrowserKind caller) {
    BrowserKind callee =
        caller == BrowserKind.CHROMIUM ? BrowserKind.FIREFOX : BrowserKind.CHROMIUM;
    try (World world = new World();
        Browser one = caller.start(BrowserSettings.newcomer());
        Browser other = callee.start(BrowserSettings.newcomer())) {
      Client alice = visit(world, one, Person.ALICE);
      Client bob = visit(world, other, Person.BOB);
      alice.browser().click("button[aria-label^='Call Bob']");
      world.awaitPage(bob, "rung", "document.querySelector('.answer-accept') !== null");
      bob.browser().click(".answer-accept");
      world.awaitActive(alice, bob);
      // The fake microphones beep; nobody is silent, and nobody hears nothing.
      for (Client client : new Client[] {alice, bob}) {
        Eventually.value(
            client + " to hear the other's microphone",
            World.PATIENCE,
            () -> client.hear(Duration.ofMillis(1500)),
            heard -> heard.levelDb() > -50,
            () -> world.describe(client));
      }
      alice.browser().click("#mute");
      world.awaitPage(alice, "muted", "parley.currentCall.muted");
      Eventually.value(
          "Bob to hear nothing",
          World.PATIENCE,
          () -> bob.hear(Duration.ofMillis(1500)),
          (Pcm heard) -> heard.levelDb() < -70,
          () -> world.describe(bob));
      bob.browser().click("#leave");
      world.awaitIdle(alice, bob);
      assertThat(alice.browser().console().stream().filter(l -> l.startsWith("threw"))).isEmpty();
      assertThat(bob.browser().console().stream().filter(l -> l.startsWith("threw"))).isEmpty();
      one.clearPreloads();
    }
  }

  private static Client visit(World world, Browser browser, Person person) {
    Client client = Client.listener(browser, person.shortName());
    browser.open(world.parley().url() + "/");
    String face = "#faces li:nth-child(" + (person.ordinal() + 1) + ") .face";
    world.awaitPage(client, "shown the people", "document.querySelector('" + face + "') !== null");
    browser.click(face);
    world.awaitPage(client, "signed in", "globalThis.parley?.state === 'online'");
    assertThat(client.evaluate("document.querySelector('#me-name').textContent").asText())
        .contains(person.shortName());
    return client;
  }
}
