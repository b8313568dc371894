package parley.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.audio.Spectrum;
import parley.load.audio.ToneCurve;
import parley.load.browser.Client;

/**
 * A policy that asks people, tells them, and lets them keep things out: seen, heard and read in the
 * recording with real browsers.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class RecordingUnderPolicyTest {

  private static final double NOTICE_HZ = 1_000;

  /** On a busy machine a browser plays pauses longer or shorter than they were sent. */
  private static final double STRETCHED_MS = 180;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_RECORDING_RULES_BY_DEFAULT",
          "asked",
          "PARLEY_RECORDING_RULES_POLICIES",
          "[{name: asked, version: '7', mode: required_during, notice: true,"
              + " consent: or_not_captured, may_mask: participants, retention: five-years,"
              + " retention_days: 1827, legal_hold: false}]");

  @Test
  void asksTellsMasksAndWritesItDown(Browsers browsers) {
    try (World world = new World(SETTINGS, List.of())) {
      Client alice = world.signIn(Person.ALICE, browsers.chromium());
      Client bob = world.signIn(Person.BOB, browsers.firefox());

      double began = answer(world, alice, "I agree");
      world.awaitActive(alice);
      assertHearsTheNotice(world, alice, began);
      began = answer(world, bob, "No");
      world.awaitActive(bob);
      assertHearsTheNotice(world, bob, began);
      world.assertEachHearsTheOthers(alice, bob);

      alice.evaluate("parley.mask(true, {why: 'card number'}).then(() => true)");
      world.assertHearsExactly(bob, List.of(alice)); // for at least a second and a half
      JsonNode unmasked = alice.evaluate("parley.mask(false).then((it) => it)");
      assertThat(unmasked.path("masked_all").asBoolean()).isFalse();
      assertThat(unmasked.path("masked")).hasSize(1); // Bob, who has not agreed
      assertThat(bob.evaluate("parley.record(false).then(() => 'done', (e) => e.code)").asText())
          .isNotEqualTo("done"); // the policy leaves it to nobody here

      awaitProof(world);
      world.leave(alice);
      world.leave(bob);
      world.awaitIdle(alice, bob);
      assertWrittenDown(world.completeRecording(), world);
    }
  }

  /** Calls the recorded group and presses a button of the question; the moment of that. */
  private static double answer(World world, Client client, String button) {
    client.evaluate("void parley.call('" + World.RECORDED_GROUP + "')");
    world.awaitPage(client, "asked", "document.getElementById('consent-title') !== null");
    if (button.equals("No")) {
      World.screenshot(client, "consent");
    }
    double now = System.currentTimeMillis();
    client.evaluate(
        "[...document.querySelectorAll('.ring button')].find((it) => it.textContent === '"
            + button
            + "').click()");
    return now;
  }

  private static void assertHearsTheNotice(World world, Client client, double began) {
    List<Double> onsets =
        ToneCurve.of(client.hear(began, began + 8_000), NOTICE_HZ).onsetsMs(-40, 60);
    assertThat(onsets).as("beeps for %s\n%s", client, world.describe(client)).hasSize(3);
    assertThat(onsets.get(1) - onsets.get(0)).isCloseTo(400, within(STRETCHED_MS));
    assertThat(onsets.get(2) - onsets.get(1)).isCloseTo(400, within(STRETCHED_MS));
  }

  private static List<JsonNode> notes(Recording recording, String what) {
    return StreamSupport.stream(recording.document().path("notes").spliterator(), false)
        .filter(note -> note.path("what").asText().equals(what))
        .toList();
  }

  private static void awaitProof(World world) {
    Eventually.until(
        "both browsers to report the notice",
        World.PATIENCE,
        () -> notes(world.recording(), "notice_confirmed").size() == 2,
        () -> world.recording().toString());
  }

  private static void assertWrittenDown(Recording recording, World world) {
    JsonNode policy = recording.document().path("policy");
    assertThat(policy.path("name").asText()).isEqualTo("asked");
    assertThat(policy.path("version").asText()).isEqualTo("7");
    assertThat(policy.path("retention_days").asInt()).isEqualTo(1827);
    JsonNode proof = notes(recording, "notice_confirmed").getFirst();
    assertThat(proof.at("/figures/packets").asInt()).isEqualTo(70);
    assertThat(notes(recording, "consent"))
        .as("%s", recording)
        .anyMatch(it -> is(it, world.jid(Person.ALICE), "agreed at "))
        .anyMatch(it -> is(it, world.jid(Person.BOB), "refused at "));

    JsonNode masked = recording.participant(Person.ALICE).path("masked");
    assertThat(masked).hasSize(1);
    assertThat(masked.at("/0/why").asText()).contains("Alice", "card number");
    double from = masked.at("/0/from").asDouble();
    double to = masked.at("/0/to").asDouble();
    assertThat(to - from).isGreaterThan(1);
    ToneCurve spoken = ToneCurve.of(recording.track(Person.ALICE).decode(), Person.ALICE.toneHz);
    // Not silence: in a gap a decoder makes comfort noise, some -60 dB after a tone of -20 dB.
    assertThat(spoken.loudestBetweenDb(1000 * from + 200, 1000 * to - 50)).isLessThan(-50);
    assertThat(spoken.firstAboveMs(-40)).isLessThan(1000 * from);
    assertThat(spoken.lastAboveMs(-40)).isGreaterThan(1000 * to);
    assertThat(Spectrum.of(recording.track(Person.BOB).decode()).tonesAmong(Tones.ALL)).isEmpty();
  }

  private static boolean is(JsonNode note, String contact, String beginning) {
    return note.path("contact").asText().equals(contact)
        && note.path("text").asText().startsWith(beginning);
  }
}
