package parley.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import parley.load.browser.Browser;
import parley.load.browser.Client;
import parley.load.browser.Key;
import parley.relay.evidence.BundleVerdict;
import parley.relay.evidence.BundleVerifier;
import parley.relay.evidence.SigningKey;

/**
 * Two browsers talk, and an officer finds the recording, hears each of them alone, exports and
 * holds it: in Chromium, and in Firefox.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class RecordingsPageTest {

  private static final String TOKEN = "the-officer-s-token-of-the-recordings-page-test";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_RECORDING_ACCESS_PEOPLE",
          "[{name: Olga Officer, token: " + TOKEN + ", roles: [officer], teams: []}]");

  /** What the player plays, as a spectrum; the ears of other tests hear only calls. */
  private static final String ANALYSER =
      """
      (() => {
        const context = new AudioContext();
        const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
        context.createMediaElementSource(document.getElementById('audio')).connect(analyser);
        analyser.connect(context.destination);
        const levels = new Float32Array(analyser.frequencyBinCount);
        globalThis.tonesHeard = (tones) => {
          analyser.getFloatFrequencyData(levels);
          return tones.filter((hertz) => {
            const bin = Math.round((hertz * analyser.fftSize) / context.sampleRate);
            return Math.max(levels[bin - 1], levels[bin], levels[bin + 1]) > -45;
          });
        };
        return context.resume().then(() => true);
      })()
      """;

  @TempDir Path folder;

  @Test
  void findsReplaysExportsAndHolds(Browsers browsers) throws Exception {
    try (World world = new World(SETTINGS, List.of())) {
      talk(world, browsers);
      Recording recording = world.completeRecording();
      for (Browser browser : List.of(browsers.chromium(), browsers.firefox())) {
        Client officer = signIn(world, browser);
        find(world, officer);
        assertShows(world, officer, recording);
        assertPlaysOneSpeakerAndAll(world, officer);
        assertSeeks(world, officer);
        assertVerifies(world, officer);
        assertExports(world, officer);
        assertHoldsAndReleases(world, officer);
        assertFitsAPhone(world, officer);
      }
      assertDeletes(world, Client.listener(browsers.firefox(), "the officer"));
    }
  }

  /** Both talk all the time, but for a while in which Bob is muted. */
  private static void talk(World world, Browsers browsers) {
    Client alice = world.signIn(Person.ALICE, browsers.chromium());
    Client bob = world.signIn(Person.BOB, browsers.firefox());
    world.call(alice, World.RECORDED_GROUP);
    world.awaitActive(alice);
    world.call(bob, World.RECORDED_GROUP);
    world.awaitActive(bob);
    world.assertEachHearsTheOthers(alice, bob);
    bob.evaluate("(parley.mute(true), true)");
    world.assertHearsExactly(alice, List.of());
    bob.evaluate("(parley.mute(false), true)");
    world.assertEachHearsTheOthers(alice, bob);
    alice.hear(Duration.ofSeconds(3));
    world.leave(alice);
    world.leave(bob);
    world.awaitIdle(alice, bob);
  }

  private static Client signIn(World world, Browser browser) {
    Client officer = Client.listener(browser, "the officer in " + nameOf(browser));
    browser.resize(1280, 800);
    browser.open("about:blank");
    browser.open(world.parley().url() + "/recordings/");
    shown(world, officer, "asked who it is", "#sign-in");
    picture(officer, "sign-in");
    browser.evaluate("(document.getElementById('token').focus(), true)");
    browser.type("wrong");
    browser.press(Key.ENTER);
    shown(world, officer, "refused", "#sign-in-problem");
    browser.evaluate("(document.getElementById('token').value = '', true)");
    browser.type(TOKEN);
    browser.press(Key.TAB);
    browser.type("request 17");
    browser.press(Key.ENTER);
    shown(world, officer, "signed in", "#app");
    return officer;
  }

  private static void find(World world, Client officer) {
    world.awaitPage(officer, "shown all", results(1));
    officer.evaluate("(document.querySelector('#search [name=party]').focus(), true)");
    officer.browser().type("nobody");
    officer.browser().press(Key.ENTER);
    world.awaitPage(officer, "shown nothing", results(0));
    officer.evaluate("(document.querySelector('#search [name=party]').value = '', true)");
    officer.browser().type("Bob");
    officer.browser().press(Key.ENTER);
    world.awaitPage(officer, "shown what Bob was in", results(1));
    officer.evaluate("(document.querySelector('.result').focus(), true)");
    officer.browser().press(Key.ENTER);
    world.awaitPage(officer, "shown two lanes", "document.querySelectorAll('.strip').length === 2");
  }

  private static String results(int count) {
    return "document.querySelectorAll('.result').length === "
        + count
        + " && !document.getElementById('found').textContent.startsWith('Search')";
  }

  private static void assertShows(World world, Client officer, Recording recording) {
    String lanes = officer.evaluate("document.getElementById('lanes').innerText").asText();
    assertThat(lanes).contains("Alice", "Bob");
    String said =
        officer
            .evaluate("[...document.querySelectorAll('.strip')].map(it => it.ariaLabel).join()")
            .asText();
    assertThat(said).contains("talked").contains("muted");
    assertThat(text(officer, "#whole")).matches("/ \\d:\\d\\d");
    assertThat(recording.participant(Person.BOB).path("muted")).isNotEmpty();
    world.awaitPage(
        officer, "told what happened", "document.querySelectorAll('#events li').length >= 4");
  }

  private static void assertPlaysOneSpeakerAndAll(World world, Client officer) {
    officer.evaluate(ANALYSER);
    // Somewhere all of them talk: near the end.
    double end =
        officer.evaluate("parseFloat(document.querySelector('#scrubber').ariaValueMax)").asDouble();
    String nearEnd =
        String.format(
            Locale.ROOT,
            "Math.abs(document.getElementById('audio').currentTime - %.1f) < 2.9",
            end - 2);
    for (Person person : List.of(Person.BOB, Person.ALICE)) {
      officer.evaluate(
          "(["
              + "...document.querySelectorAll('.solo')].find(it => it.ariaLabel.includes('"
              + person.shortName()
              + "')).click(), true)");
      play(world, officer);
      goTo(officer, end - 3);
      world.awaitPage(officer, "near the end", nearEnd);
      assertHears(world, officer, List.of(person.toneHz));
      picture(officer, "only-" + person.token());
      officer.browser().click("#play");
    }
    officer.evaluate(
        "(source => { source.value = ''; source.dispatchEvent(new Event('change')); return true; })"
            + "(document.getElementById('source'))");
    play(world, officer);
    goTo(officer, end - 3);
    assertHears(world, officer, List.of(Person.ALICE.toneHz, Person.BOB.toneHz));
    world.awaitPage(
        officer,
        "shown the waveform",
        """
        (() => {
          const strip = document.querySelector('.strip');
          const wave = getComputedStyle(strip).getPropertyValue('--wave').trim().slice(1);
          const [r, g, b] = wave.match(/../g).map((it) => parseInt(it, 16));
          const { data } = strip.getContext('2d').getImageData(0, 0, strip.width, strip.height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4)
            if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
          return count > 500;
        })()
        """);
    picture(officer, "all");
  }

  private static void play(World world, Client officer) {
    if (officer.evaluate("document.getElementById('audio').paused").asBoolean()) {
      officer.browser().click("#play");
    }
    world.awaitPage(officer, "playing", "!document.getElementById('audio').paused");
  }

  private static void goTo(Client officer, double place) {
    // As a click on the lanes does, at that place.
    officer.evaluate(
        String.format(
            Locale.ROOT,
            """
            (() => {
              const box = document.getElementById('strips').getBoundingClientRect();
              const end = parseFloat(document.getElementById('scrubber').ariaValueMax);
              const at = { clientX: box.left + box.width * %.3f / end, clientY: box.top + 9,
                  button: 0, pointerId: 1, bubbles: true };
              const scrubber = document.getElementById('scrubber');
              scrubber.setPointerCapture = () => {};
              scrubber.dispatchEvent(new PointerEvent('pointerdown', at));
              scrubber.dispatchEvent(new PointerEvent('pointerup', at));
              return true;
            })()
            """,
            place));
  }

  private static void assertHears(World world, Client officer, List<Integer> tones) {
    // It plays on to the end and stays there: long enough for some looks.
    Eventually.value(
        officer + " to hear " + tones,
        World.PATIENCE,
        () -> {
          if (officer.evaluate("document.getElementById('audio').ended").asBoolean()) {
            play(world, officer);
          }
          return heard(officer);
        },
        heard -> heard.equals(tones),
        () -> world.describe(officer));
  }

  /** The tones that the page plays at this moment, the lowest first. */
  private static List<Integer> heard(Client officer) {
    List<Integer> heard = new ArrayList<>();
    officer.evaluate("tonesHeard(" + Tones.ALL + ")").forEach(tone -> heard.add(tone.asInt()));
    return heard;
  }

  private static void assertSeeks(World world, Client officer) {
    Browser browser = officer.browser();
    if (!officer.evaluate("document.getElementById('audio').paused").asBoolean()) {
      browser.click("#play");
    }
    browser.click("#scrubber"); // its middle
    double end =
        officer.evaluate("parseFloat(document.getElementById('scrubber').ariaValueMax)").asDouble();
    world.awaitPage(
        officer,
        "in the middle",
        String.format(
            Locale.ROOT,
            "Math.abs(document.getElementById('audio').currentTime - %.2f) < 0.3",
            end / 2));
    browser.evaluate("(document.getElementById('scrubber').focus(), true)");
    browser.press(Key.LEFT);
    double place = officer.evaluate("document.getElementById('audio').currentTime").asDouble();
    assertThat(place).isCloseTo(Math.max(0, end / 2 - 5), within(0.5));
    browser.press(Key.SPACE);
    world.awaitPage(officer, "playing", "!document.getElementById('audio').paused");
    browser.evaluate(
        "(speed => { speed.value = '2'; speed.dispatchEvent(new Event('change')); return true; })"
            + "(document.getElementById('speed'))");
    assertThat(officer.evaluate("document.getElementById('audio').playbackRate").asDouble())
        .isEqualTo(2);
    browser.press(Key.SPACE);
    world.awaitPage(officer, "stopped", "document.getElementById('audio').paused");
  }

  private static void assertVerifies(World world, Client officer) {
    officer.browser().click("#verify");
    world.awaitPage(
        officer,
        "told that it is proven",
        "document.getElementById('marks').innerText.includes('Proven')");
  }

  private void assertExports(World world, Client officer) throws Exception {
    officer.browser().click("#export");
    shown(world, officer, "asked for the reason", "#reason");
    assertThat(officer.evaluate("document.getElementById('reason-why').value").asText())
        .isEqualTo("request 17");
    picture(officer, "export");
    officer.browser().click("#reason-go");
    shown(world, officer, "given the bundle", "#job-bundle");
    picture(officer, "exported");
    JsonNode bytes =
        officer.evaluate(
            """
            fetch(document.getElementById('job-bundle').href)
                .then((it) => it.blob())
                .then((blob) => new Promise((done) => {
                  const reader = new FileReader();
                  reader.onload = () => done(reader.result.split(',')[1]);
                  reader.readAsDataURL(blob);
                }))
            """);
    Path zip = folder.resolve(nameOf(officer.browser()) + ".zip");
    Files.write(zip, Base64.getDecoder().decode(bytes.asText()));
    Path key = world.parley().recordings().resolve("keys/seal.pub");
    BundleVerdict verdict = BundleVerifier.verify(zip, SigningKey.readPublic(key));
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.proven()).isTrue();
    assertThat(verdict.made()).contains("Olga Officer", "request 17");
    assertThat(verdict.auditLines()).isGreaterThan(3);
    officer.browser().click("#job-close");
  }

  private static void assertHoldsAndReleases(World world, Client officer) {
    decide(world, officer, "#hold", "case 12");
    world.awaitPage(
        officer,
        "told that it is held",
        "document.getElementById('marks').innerText.includes('legal hold')");
    officer.browser().click("#delete");
    reason(world, officer, "no reason to keep it");
    world.awaitPage(
        officer,
        "refused",
        "document.getElementById('reason-problem').textContent.includes('legal hold')");
    picture(officer, "held");
    officer.browser().press(Key.ESCAPE);
    decide(world, officer, "#hold", "settled");
    world.awaitPage(
        officer,
        "told that it is released",
        "!document.getElementById('marks').innerText.includes('legal hold')");
    assertThat(text(officer, "#about")).contains("case 12", "settled", "Olga Officer");
  }

  private static void decide(World world, Client officer, String button, String why) {
    officer.browser().click(button);
    reason(world, officer, why);
    world.awaitPage(officer, "done", "!document.getElementById('reason').open");
  }

  private static void reason(World world, Client officer, String why) {
    shown(world, officer, "asked for the reason", "#reason");
    officer.evaluate("(document.getElementById('reason-why').focus(), true)");
    officer.browser().type(why);
    officer.browser().press(Key.ENTER);
  }

  private static void assertFitsAPhone(World world, Client officer) {
    narrow(world, officer);
    picture(officer, "phone");
    colours(officer, true); // drawn with the next size
    wide(world, officer);
    picture(officer, "dark");
    narrow(world, officer);
    picture(officer, "phone-dark");
    colours(officer, false);
    wide(world, officer);
  }

  private static void narrow(World world, Client officer) {
    officer.browser().resize(390, 780);
    world.awaitPage(
        officer,
        "as narrow as the screen",
        "innerWidth === 390 && document.documentElement.scrollWidth <= innerWidth &&"
            + " document.getElementById('timeline').getBoundingClientRect().right <= innerWidth");
  }

  private static void wide(World world, Client officer) {
    officer.browser().resize(1280, 800);
    world.awaitPage(officer, "wide again", "innerWidth === 1280");
  }

  /** As if the system asked for dark colours, or did not. */
  private static void colours(Client officer, boolean dark) {
    officer.evaluate(
        """
        ((dark) => {
          const other = '(prefers-color-scheme: dark)';
          const [from, to] = dark ? [other, 'all'] : ['all', other];
          for (const sheet of document.styleSheets)
            for (const rule of sheet.cssRules)
              if (rule.media?.mediaText === from) rule.media.mediaText = to;
          document.documentElement.style.colorScheme = dark ? 'dark' : '';
          return true;
        })(%s)
        """
            .formatted(dark));
  }

  /** Where the page still is from before. */
  private static void assertDeletes(World world, Client officer) {
    decide(world, officer, "#delete", "retention is over");
    world.awaitPage(
        officer,
        "shown the certificate",
        "document.getElementById('trouble').textContent.includes('parley-deletion 1')");
    picture(officer, "deleted");
    assertThat(officer.evaluate("document.getElementById('player').hidden").asBoolean()).isTrue();
  }

  private static void shown(World world, Client officer, String what, String selector) {
    world.awaitPage(officer, what, "document.querySelector('" + selector + "').checkVisibility()");
  }

  private static String text(Client officer, String selector) {
    return officer.evaluate("document.querySelector('" + selector + "').textContent").asText();
  }

  private static void picture(Client officer, String name) {
    World.screenshot(officer, "recordings-" + name + "-" + nameOf(officer.browser()));
  }

  private static String nameOf(Browser browser) {
    return browser.kind().name().toLowerCase(Locale.ROOT);
  }
}
