package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Client;
import parley.load.browser.Key;

/** A whole call without a mouse: sign in, call, accept, mute, mute all, leave. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class KeyboardTest {

  /** No page has more places to stop at between the top and what one looks for. */
  private static final int STOPS = 60;

  @Test
  void everythingCanBeDoneByKeyboard(Browsers browsers) {
    try (World world = new World()) {
      Client alice = Client.prepare(browsers.chromium(), "Alice", Tones.ALICE, Map.of());
      alice.browser().open("about:blank");
      alice.browser().open(world.parley().url() + "/");
      world.awaitPage(alice, "shown the people", "document.querySelector('.face') !== null");
      tabTo(alice, ".face");
      alice.browser().press(Key.ENTER);
      world.awaitPage(alice, "signed in", "globalThis.parley?.state === 'online'");
      Client bob = world.signIn(Person.BOB, browsers.firefox());

      // Somebody calls a person, and hangs up.
      tabTo(alice, "button[aria-label^='Call Bob']");
      alice.browser().press(Key.ENTER);
      world.awaitPage(bob, "rung", "document.querySelector('.answer-accept') !== null");
      tabTo(bob, ".answer-accept");
      bob.browser().press(Key.SPACE);
      world.awaitActive(alice, bob);
      bob.browser().type("m");
      world.awaitPage(bob, "muted", "parley.currentCall.muted");
      bob.browser().type("m");
      world.awaitPage(bob, "heard again", "!parley.currentCall.muted");
      world.assertEachHearsTheOthers(alice, bob);
      tabTo(bob, "#leave");
      bob.browser().press(Key.ENTER);
      world.awaitIdle(alice, bob);

      // Somebody starts a group's call, another joins, one mutes all others.
      tabTo(alice, "#groups .row-call");
      alice.browser().press(Key.ENTER);
      world.awaitActive(alice);
      tabTo(bob, "#groups .row-call");
      bob.browser().press(Key.ENTER);
      world.awaitActive(bob);
      tabTo(alice, "#mute-all");
      alice.browser().press(Key.ENTER);
      world.awaitPage(bob, "muted by Alice", "parley.currentCall.muted");
      assertThat(alice.evaluate("parley.currentCall.muted").asBoolean()).isFalse();
      tabTo(alice, "#leave");
      alice.browser().press(Key.SPACE);
      world.awaitIdle(alice);
      tabTo(bob, "#leave");
      bob.browser().press(Key.ENTER);
      world.awaitIdle(bob);
    }
  }

  /** Presses Tab until what is looked for has the focus, and shows that one can see it. */
  private static void tabTo(Client client, String selector) {
    for (int i = 0; i < STOPS; i++) {
      if (client.evaluate("document.activeElement.matches(\"" + selector + "\")").asBoolean()) {
        assertThat(
                client
                    .evaluate(
                        """
                        (() => {
                          const style = getComputedStyle(document.activeElement);
                          return document.activeElement.matches(':focus-visible')
                              && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
                        })()
                        """)
                    .asBoolean())
            .as("the focus on %s can be seen", selector)
            .isTrue();
        return;
      }
      client.browser().press(Key.TAB);
    }
    throw new AssertionError(
        "%s is not reached by Tab; at %s"
            .formatted(selector, client.evaluate("document.activeElement.outerHTML")));
  }
}
