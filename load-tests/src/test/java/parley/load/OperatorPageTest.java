package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Browser;
import parley.load.browser.Client;
import parley.load.browser.Key;
import parley.load.impair.Direction;
import parley.load.impair.Impairment;
import parley.load.impair.ImpairmentProxy;

/** An operator finds a bad call and its cause, in both browsers, and ends it. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class OperatorPageTest {

  private static final String ACTING = "olga-olga-olga-olga-olga-olga-olga-olga";
  private static final String LOOKING = "vic-vic-vic-vic-vic-vic-vic-vic-vic-vic";
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private World world;
  private final List<ImpairmentProxy> proxies = new ArrayList<>();
  private Browsers browsers;
  private Client alice;
  private Client bob;

  @BeforeEach
  void start(Browsers all) throws Exception {
    browsers = all;
    Files.createDirectories(SCREENSHOTS);
    world =
        new World(
            Map.of(
                "PARLEY_API_TOKENS",
                "[{name: olga, token: "
                    + ACTING
                    + ", scopes: [operate:act]}, {name: vic, token: "
                    + LOOKING
                    + ", scopes: [operate:view]}]"),
            List.of());
    alice = world.signIn(Person.ALICE, browsers.chromium(), world.detours(proxies));
    bob = world.signIn(Person.BOB, browsers.firefox());
    world.call(alice, world.jid(Person.BOB));
    world.call(bob, world.jid(Person.ALICE));
    world.awaitActive(alice, bob);
    world.assertEachHearsTheOthers(alice, bob);
  }

  @AfterEach
  void close() {
    browsers.secondChromium().open("about:blank");
    browsers.secondFirefox().open("about:blank");
    world.close();
    proxies.forEach(ImpairmentProxy::close);
  }

  @Test
  void findsTheCauseOfABadCallWithOneClickAndEndsIt() throws Exception {
    for (Browser browser : List.of(browsers.secondChromium(), browsers.secondFirefox())) {
      signIn(browser, ACTING);
      awaitText(browser, ".card", "Alice Archer");
      picture(browser, "live-good");
    }
    proxies.forEach(p -> p.impair(Direction.TO_RELAY, Impairment.NONE.withLoss(0.75)));

    for (Browser browser : List.of(browsers.secondChromium(), browsers.secondFirefox())) {
      awaitText(browser, ".alarm", "Alice Archer is heard badly");
      picture(browser, "live-bad");
      browser.click(".alarm a");
      awaitText(browser, ".leg-fair .sentence", "Alice Archer is heard badly");
      awaitText(browser, ".events", "loss up");
      assertThat(text(browser, ".leg-fair .sentence")).contains("Its upload is ");
      assertThat(text(browser, ".leg h2"))
          .startsWith("Alice Archer"); // who is the cause comes first
      assertThat(evaluate(browser, "document.querySelectorAll('.course .line-up').length"))
          .isEqualTo("2");
    }
    Eventually.until(
        "losses in the plot",
        PATIENCE,
        () ->
            Integer.parseInt(
                    evaluate(browsers.secondFirefox(), "document.querySelectorAll('.loss').length"))
                > 3);
    // What Bob misses was lost before it came to the relay: nothing is said against his network.
    awaitText(
        browsers.secondChromium(),
        ".leg .sentence",
        "Bob Baker hears others badly: Alice Archer is heard badly; what is said of");
    picture(browsers.secondChromium(), "call-bad");
    picture(browsers.secondFirefox(), "call-bad");
    browsers.secondChromium().resize(420, 900);
    picture(browsers.secondChromium(), "call-bad-narrow");
    browsers.secondChromium().resize(1280, 900);

    Browser firefox = browsers.secondFirefox();
    firefox.click(".button-danger");
    firefox.type("complaint 17");
    picture(firefox, "end");
    firefox.press(Key.ENTER);
    world.awaitIdle(alice, bob);
    assertThat(audit()).contains("operator olga", "call.end", "complaint 17", "operate.sign_in");

    for (Browser browser : List.of(browsers.secondChromium(), browsers.secondFirefox())) {
      browser.click("#tabs a:nth-child(2)");
      awaitText(browser, ".troubled", "was heard badly");
      picture(browser, "past");
      browser.click(".past a");
      awaitText(browser, ".leg .sentence", "was heard badly");
      awaitText(browser, ".events", "over: ");
      picture(browser, "call-past");
      browser.click("#tabs a:nth-child(3)");
      awaitText(browser, ".panel", "complete");
      picture(browser, "node");
      assertThat(browser.console())
          .as("console")
          .allMatch(line -> line.contains("401")); // asked whether somebody has signed in
    }
  }

  @Test
  void drainsTheNodeAfterSayingWhatWillHappen() throws Exception {
    Browser chromium = browsers.secondChromium();
    signIn(chromium, ACTING);
    chromium.click("#tabs a:nth-child(3)");
    awaitText(chromium, "#drain", "Drain");
    chromium.click("#drain");
    awaitText(chromium, "dialog", "No other node is there to take over: one call with 2 devices");
    picture(chromium, "drain");
    chromium.click("dialog .text");

    Browser firefox = browsers.secondFirefox();
    signIn(firefox, ACTING);
    firefox.click("#tabs a:nth-child(3)");
    awaitText(firefox, "#drain", "Drain");
    firefox.click("#drain");
    firefox.type("new disk");
    firefox.press(Key.ENTER);
    awaitText(firefox, "#view", "This node has been drained and has ended");
    awaitText(chromium, "#view", "No answer");
    assertThat(audit()).contains("operator olga", "node.drain", "new disk");
  }

  @Test
  void whoMayOnlyLookCannotAct() {
    Browser browser = browsers.secondChromium();
    signIn(browser, LOOKING);
    awaitText(browser, "#who", "looking only");
    awaitText(browser, ".card", "Alice Archer");
    browser.click(".card");
    awaitText(browser, ".leg", "Alice Archer");

    assertThat(evaluate(browser, "document.querySelectorAll('.button-danger').length"))
        .isEqualTo("0");
    assertThat(
            evaluate(
                browser,
                """
                (async () => {
                  const {csrf} = await (await fetch('api/session')).json();
                  const answer = await fetch(`api/teams/${location.hash.split('/')[1]}/calls/${location.hash.split('/')[2]}/end`,
                    {method: 'POST', headers: {'Parley-CSRF': csrf}, body: '{"why":"x"}'});
                  return answer.status;
                })()
                """))
        .isEqualTo("403");
    world.assertEachHearsTheOthers(alice, bob);
  }

  @Test
  void nobodyComesInWithAnotherToken() {
    Browser browser = browsers.secondFirefox();
    browser.open(world.parley().url() + "/operate/");
    awaitText(browser, ".sign-in", "Token");
    picture(browser, "sign-in");
    browser.click("#token");
    browser.type("nonsense-nonsense-nonsense-nonsense");
    browser.press(Key.ENTER);
    awaitText(browser, ".trouble", "Nobody has this token.");
  }

  private void signIn(Browser browser, String token) {
    browser.resize(1280, 900);
    browser.open("about:blank");
    browser.open(world.parley().url() + "/operate/");
    awaitText(browser, ".sign-in", "Token");
    browser.click("#token");
    browser.type(token);
    browser.press(Key.ENTER);
    awaitText(browser, "#tabs", "Live");
  }

  private static void awaitText(Browser browser, String selector, String text) {
    Eventually.until(
        browser.kind() + ": " + selector + " to say " + text,
        PATIENCE,
        () -> text(browser, selector).contains(text),
        () -> text(browser, "body") + "\n" + browser.console());
  }

  /** Of all elements that match. */
  private static String text(Browser browser, String selector) {
    return evaluate(
        browser,
        "[...document.querySelectorAll('" + selector + "')].map(e => e.textContent).join(' | ')");
  }

  private static String evaluate(Browser browser, String expression) {
    return browser.evaluate(expression).asText();
  }

  private static void picture(Browser browser, String name) {
    String kind = browser.kind().name().toLowerCase(Locale.ROOT);
    browser.screenshot(SCREENSHOTS.resolve("operate-" + name + "-" + kind + ".png"));
  }

  private String audit() throws Exception {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(world.parley().recordings().resolve("audit"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }
}
