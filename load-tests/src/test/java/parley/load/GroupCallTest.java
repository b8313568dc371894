package parley.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.audio.Pcm;
import parley.load.audio.SoundFile;
import parley.load.audio.Spectrum;
import parley.load.audio.ToneCurve;
import parley.load.browser.Client;

/** Four browsers, two of each kind, in a group whose calls are recorded. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class GroupCallTest {

  /** From the act of muting to the last sound of that voice at anybody else's. */
  private static final double MUTED_WITHIN_MS = 200;

  /**
   * What measuring adds: a page's audio is rendered in blocks of up to 20 ms and its time taken in
   * whole ms, and the filter that finds the tone is 40 ms long, half of it behind the edge.
   */
  private static final double MEASURING_MS = 40;

  private static final List<Person> PEOPLE =
      List.of(Person.ALICE, Person.BOB, Person.CAROL, Person.DAVE);

  /**
   * What a browser's jitter buffer holds of streams that arrive evenly. What it holds beyond is the
   * machine's doing: with four browsers on two cores the packets leave and come in bursts.
   */
  private static final double JITTER_BUFFER_MS = 80;

  /**
   * A machine that is busy with something else only adds to the time, never takes from it: the
   * shortest of so many attempts is Parley's own.
   */
  private static final int ATTEMPTS = 5;

  private World world;
  private Client alice;
  private Client bob;
  private Client carol;
  private Client dave;

  @BeforeEach
  void meet(Browsers browsers) {
    world = new World();
    alice = world.signIn(Person.ALICE, browsers.chromium());
    bob = world.signIn(Person.BOB, browsers.firefox());
    carol = world.signIn(Person.CAROL, browsers.secondChromium());
    dave = world.signIn(Person.DAVE, browsers.secondFirefox());
    for (Client client : all()) {
      world.call(client, World.RECORDED_GROUP);
    }
    world.awaitActive(all());
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Client[] all() {
    return new Client[] {alice, bob, carol, dave};
  }

  @Test
  void everyoneHearsTheOthersUntilOneIsMutedAndTheTracksHoldTheSame() {
    world.assertEachHearsTheOthers(all());
    for (Client client : all()) {
      client.evaluate("parleyTone.steady(false)");
    }
    for (Person person : PEOPLE) {
      world.awaitTalking(person, false, all());
    }
    for (Client client : all()) {
      client.evaluate("parleyTone.steady(true)");
    }
    for (Person person : PEOPLE) {
      world.awaitTalking(person, true, all());
    }
    for (Client client : all()) {
      client.received(
          "server.call.state",
          World.PATIENCE,
          s -> s.path("audiorecord").asBoolean() && s.path("onliners").size() == 4);
    }
    for (Client client : all()) {
      World.screenshot(client, "group-" + client);
    }
    bob.browser().resize(390, 844);
    World.screenshot(bob, "group-phone");
    bob.browser().resize(1280, 800);

    world.assertEachHearsTheOthers(all());

    // As his page does it: the microphone and the relay at once.
    Silence bobs =
        assertGone(
            bob,
            "[Date.now(), parley.mute(true)][0]",
            "[Date.now(), parley.mute(false)][0]",
            () -> {
              world.awaitTalking(Person.BOB, false, all());
              awaitMuted(Person.BOB);
            });
    // As a client does it whose microphone goes on sending: the relay alone.
    Silence carols = assertGone(carol, sound(true), sound(false), () -> awaitMuted(Person.CAROL));

    for (Client client : all()) {
      world.leave(client);
    }
    world.awaitIdle(all());
    dave.received("server.call.state", World.PATIENCE, s -> s.has("finish"));

    Recording recording = world.completeRecording();
    for (Person person : PEOPLE) {
      SoundFile track = recording.track(person);
      assertThat(track.codec()).isEqualTo("opus");
      assertThat(track.durationMs())
          .as("length of %s's track\n%s", person, recording)
          .isCloseTo(recording.durationMs(), within(500.0));
      Spectrum heard = Spectrum.of(track.decode());
      assertThat(heard.tonesAmong(Tones.ALL))
          .as("%s's track holds %s", person, heard)
          .containsExactly(person.toneHz);
    }
    double start = recording.startedMs();
    for (Person person : List.of(Person.BOB, Person.CAROL)) {
      Silence silence = person == Person.BOB ? bobs : carols;
      Pcm track = recording.track(person).decode();
      double from = silence.fromMs - start;
      double to = silence.toMs - start;
      assertSilent(person, track.between(from + 300, to - 100));
      assertLoud(person, track.between(from - 1500, from - 200));
      assertLoud(person, track.between(to + 1000, to + 2500));
    }
  }

  /** When one was muted, Unix time in ms. */
  private record Silence(double fromMs, double toMs) {}

  /** The frame that the page sends, while its microphone stays open whatever the server says. */
  private static String sound(boolean muted) {
    return """
    (() => {
      const [track] = parley.currentCall.microphone.getAudioTracks();
      Object.defineProperty(track, 'enabled', {get: () => true, set: () => {}, configurable: true});
      const frame = {event: 'client.call.sound', params: {jid: '%s', muted: %s}};
      const at = Date.now();
      parleyFrames.sockets.at(-1).send(JSON.stringify(frame));
      return at;
    })()
    """
        .formatted(World.RECORDED_GROUP, muted);
  }

  private void awaitMuted(Person person) {
    for (Client client : all()) {
      client.received("server.call.state", World.PATIENCE, s -> mutedIn(s, world.jid(person)));
    }
  }

  private static boolean mutedIn(JsonNode state, String jid) {
    for (JsonNode onliner : state.path("onliners")) {
      if (onliner.path("jid").asText().equals(jid)) {
        return onliner.path("muted").asBoolean();
      }
    }
    return false;
  }

  /**
   * Mutes and unmutes by evaluating these, each of which returns its time, until the voice was gone
   * from everyone in time; then checks what else has to be so, and returns when it was silent last.
   */
  private Silence assertGone(Client muted, String mute, String unmute, Runnable whileMuted) {
    Map<Client, Double> shortest = new LinkedHashMap<>();
    for (int attempt = 1; ; attempt++) {
      String jid = world.jid(personOf(muted));
      for (Client client : all()) {
        client.jitterBufferMs(jid);
      }
      double from = muted.evaluate(mute).asDouble();
      List<Client> others = Stream.of(all()).filter(c -> c != muted).toList();
      for (Client client : others) {
        shortest.merge(client, goneAfter(client, muted, from), Math::min);
      }
      whileMuted.run();
      double to = muted.evaluate(unmute).asDouble();
      world.assertEachHearsTheOthers(all());
      List<Double> late =
          shortest.values().stream().filter(ms -> ms > MUTED_WITHIN_MS + MEASURING_MS).toList();
      if (late.isEmpty()) {
        return new Silence(from, to);
      }
      assertThat(attempt)
          .as("ms for which %s was still heard, at best: %s", muted, shortest)
          .isLessThan(ATTEMPTS);
    }
  }

  private Person personOf(Client client) {
    return PEOPLE.get(List.of(all()).indexOf(client));
  }

  /**
   * For how many ms after this moment a client still hears another, on a machine with time;
   * infinite when the machine was so busy that nothing could be measured.
   */
  private double goneAfter(Client client, Client muted, double atMs) {
    Pcm around = client.hear(atMs - 600, atMs + 1400);
    Pcm before = around.between(atMs - 600, atMs);
    double loud = ToneCurve.of(before, muted.toneHz()).medianDb();
    if (loud < -40) {
      return Double.POSITIVE_INFINITY; // he was not heard before either: nothing to measure
    }
    for (Client other : all()) {
      if (other != client && other != muted) {
        Spectrum after = Spectrum.of(around.between(atMs + 500, atMs + 1400));
        if (!after.holds(other.toneHz())) {
          return Double.POSITIVE_INFINITY; // the machine was too busy for the others, too
        }
      }
    }
    // 25 dB below what it was is gone: what remains are the others' tones and the codec's noise.
    double gone = ToneCurve.of(around, muted.toneHz()).lastAboveMs(loud - 25) - atMs;
    double buffered = client.jitterBufferMs(world.jid(personOf(muted)));
    return gone - Math.max(0, buffered - JITTER_BUFFER_MS);
  }

  private static void assertSilent(Person person, Pcm part) {
    assertThat(part.lengthMs()).isGreaterThan(500);
    assertThat(part.levelDb()).as("%s's track while muted", person).isLessThan(-50);
  }

  private static void assertLoud(Person person, Pcm part) {
    Spectrum heard = Spectrum.of(part);
    assertThat(heard.tonesAmong(Tones.ALL))
        .as("%s's track while not muted: %s", person, heard)
        .containsExactly(person.toneHz);
  }
}
