package parley.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.load.audio.Pcm;
import parley.load.audio.SoundFile;
import parley.load.audio.Spectrum;
import parley.load.audio.ToneCurve;
import parley.load.browser.Browser;
import parley.load.browser.BrowserKind;
import parley.load.browser.BrowserSettings;
import parley.load.browser.Client;
import parley.load.impair.Direction;
import parley.load.impair.Impairment;
import parley.load.impair.ImpairmentProxy;

/**
 * Three people beep by one clock through a network that loses every twentieth packet: what was said
 * at the same time lies at the same place of the recorded tracks, and of the mix. With {@code
 * -Dparley.alignment.minutes=10} they are five, for ten minutes.
 *
 * <p>When a beep left its browser is read from the wire: the proxy sees each packet's arrival, its
 * RTP time, and its audio level, which is not encrypted. So the time that a browser takes from the
 * sound to the packet, which differs from engine to engine, is no part of the result. A browser
 * that gets no processor for a while lets its audio clock stand still, and then nobody can tell
 * what was said when: so they only speak, on a page without anything to draw.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class RecordedTracksTest {

  private static final Logger log = LoggerFactory.getLogger(RecordedTracksTest.class);

  private static final double ALIGNED_WITHIN_MS = 20;

  /** In the mix the others' beeps set in at the same time, and are heard in each tone's filter. */
  private static final double MIXED_WITHIN_MS = 10;

  /**
   * No whole number of 20 ms frames: the beginnings of the beeps fall anywhere into a packet, and
   * the median of many says where it lies, exact to 1 or 2 ms.
   */
  private static final int PERIOD_MS = 487;

  private static final int BEEP_MS = 160;
  private static final int MINUTES = Integer.getInteger("parley.alignment.minutes", 0);
  private static final int BEEPS = MINUTES == 0 ? 40 : MINUTES * 60_000 / PERIOD_MS;
  private static final double LOSS = 0.05;

  private static final long SEED = 20_261_122;

  private static final Pattern LEVEL_EXTENSION =
      Pattern.compile("a=extmap:(\\d+)\\S* urn:ietf:params:rtp-hdrext:ssrc-audio-level");

  /** One of the call: the client, and what the wire tells of him. */
  private record Sender(Client client, LevelTrace trace) {}

  private final Map<Person, Sender> people = new EnumMap<>(Person.class);
  private final List<ImpairmentProxy> proxies = new ArrayList<>();

  /** A busy machine only adds: one good call of so many shows that tracks are kept together. */
  private static final int ATTEMPTS = MINUTES == 0 ? 3 : 1;

  @Test
  void tracksStayTogetherThroughLoss(Browsers browsers) {
    for (int attempt = 1; ; attempt++) {
      try (Browser fifth =
              MINUTES == 0 ? null : BrowserKind.CHROMIUM.start(BrowserSettings.forTests());
          World world = new World()) {
        assertTracksStayTogether(world, browsers, fifth);
        return;
      } catch (AssertionError e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        log.info("call {} of {}: {}", attempt, ATTEMPTS, e.getMessage());
      } finally {
        proxies.forEach(ImpairmentProxy::close);
        proxies.clear();
        people.clear();
      }
    }
  }

  private void join(World world, Person person, Browser browser) {
    LevelTrace trace = new LevelTrace();
    Map<Integer, Integer> detours = new HashMap<>();
    for (int port : world.parley().mediaPorts()) {
      ImpairmentProxy proxy =
          new ImpairmentProxy(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
              SEED + person.ordinal(),
              packet -> {
                if (packet.direction() == Direction.TO_RELAY) {
                  trace.onPacket(packet.data(), packet.atMs());
                }
              });
      proxies.add(proxy);
      detours.put(port, proxy.port());
    }
    Client client = world.signInToSpeak(person, browser, detours);
    people.put(person, new Sender(client, trace));
    world.call(client, World.RECORDED_GROUP);
    world.awaitActive(client);
    trace.levelExtension = levelExtension(client);
  }

  private static int levelExtension(Client client) {
    String sdp =
        client
            .received("server.call.answer", World.PATIENCE, any -> true)
            .params()
            .at("/jsep/sdp")
            .asText();
    Matcher extension = LEVEL_EXTENSION.matcher(sdp);
    assertThat(extension.find()).as("the relay agrees to audio levels").isTrue();
    return Integer.parseInt(extension.group(1));
  }

  /**
   * @param fifth null: three people are enough
   */
  private void assertTracksStayTogether(World world, Browsers browsers, @Nullable Browser fifth) {
    join(world, Person.ALICE, browsers.chromium());
    join(world, Person.BOB, browsers.firefox());
    join(world, Person.CAROL, browsers.secondChromium());
    if (fifth != null) {
      join(world, Person.DAVE, browsers.secondFirefox());
      join(world, Person.ERIN, fifth);
    }
    Client[] all = people.values().stream().map(Sender::client).toArray(Client[]::new);

    proxies.forEach(proxy -> proxy.impair(Impairment.NONE.withLoss(LOSS)));
    for (Client client : all) {
      client.evaluate(
          "parleyTone.beep(%d, %d, %d).then(() => true)"
              .formatted(PERIOD_MS, BEEP_MS, BEEPS * PERIOD_MS));
    }
    double until = System.currentTimeMillis() + (BEEPS + 2) * PERIOD_MS;
    Eventually.until(
        "the beeps to be over",
        World.PATIENCE.plusMillis(BEEPS * (long) PERIOD_MS),
        () -> System.currentTimeMillis() > until);
    proxies.forEach(proxy -> proxy.impair(Impairment.NONE));
    long seen = proxies.stream().mapToLong(ImpairmentProxy::seen).sum();
    long lost = proxies.stream().mapToLong(ImpairmentProxy::lost).sum();
    assertThat(lost).as("packets lost of %d", seen).isGreaterThan(100);

    for (Client client : all) {
      world.leave(client);
    }
    world.awaitIdle(all);
    Recording recording = world.completeRecording();
    Pcm mix = recording.mixdown();
    Map<Person, Double> offsets = new EnumMap<>(Person.class);
    Map<Person, Double> mixed = new EnumMap<>(Person.class);
    for (Map.Entry<Person, Sender> entry : people.entrySet()) {
      Person person = entry.getKey();
      SoundFile track = recording.track(person);
      assertThat(track.codec()).isEqualTo("opus");
      assertThat(track.durationMs())
          .as("length of %s's track\n%s", person, recording)
          .isCloseTo(recording.durationMs(), within(500.0));
      Pcm sound = track.decode();
      Spectrum heard = Spectrum.of(sound);
      assertThat(heard.tonesAmong(Tones.ALL)).as("%s", heard).containsExactly(person.toneHz);
      List<Double> onWire = entry.getValue().trace().onsetsMs();
      offsets.put(person, offset(person + "'s track", onWire, person, sound, recording));
      mixed.put(person, offset(person + " in the mix", onWire, person, mix, recording));
    }
    double spread =
        offsets.values().stream().max(Comparator.naturalOrder()).orElseThrow()
            - offsets.values().stream().min(Comparator.naturalOrder()).orElseThrow();
    log.info(
        "{} of {} packets lost; ms that each track lies behind the wire: {}; apart: {}; in the mix:"
            + " {}",
        lost,
        seen,
        offsets,
        spread,
        mixed);
    assertThat(spread)
        .as("ms between the tracks, each against the wire: %s", offsets)
        .isLessThan(ALIGNED_WITHIN_MS);
    for (Person person : people.keySet()) {
      assertThat(mixed.get(person))
          .as("ms that %s lies behind the wire in the mix", person)
          .isCloseTo(offsets.get(person), within(MIXED_WITHIN_MS));
    }
  }

  /** How many ms behind the wire a person's beeps lie in a sound; checks that it stays the same. */
  private static double offset(
      String what, List<Double> onWire, Person person, Pcm sound, Recording recording) {
    double start = recording.startedMs();
    List<Double> onTrack =
        ToneCurve.of(sound, person.toneHz).onsetsMs(-30, PERIOD_MS / 4.0).stream()
            .map(onset -> start + onset)
            .toList();
    List<Double> differences = new ArrayList<>();
    for (double wire : onWire) {
      // Half a period to either side belongs to this beep.
      onTrack.stream()
          .map(at -> at - wire)
          .filter(d -> Math.abs(d) < PERIOD_MS / 2.0)
          .min(Comparator.comparingDouble(Math::abs))
          .ifPresent(differences::add);
    }
    assertThat(differences.size())
        .as("beeps: %s, %d of %d on the wire", what, onTrack.size(), onWire.size())
        .isGreaterThan(BEEPS * 3 / 4);
    double median = median(differences);
    int half = differences.size() / 2;
    assertThat(median(differences.subList(half, differences.size())))
        .as("the second half against the first: %s %s", what, overTime(differences))
        .isCloseTo(median(differences.subList(0, half)), within(ALIGNED_WITHIN_MS));
    // A beep whose first packet was lost begins a packet or two later on the track.
    long near = differences.stream().filter(d -> Math.abs(d - median) < ALIGNED_WITHIN_MS).count();
    assertThat(near)
        .as("beeps near their place of %d: %s %s", differences.size(), what, overTime(differences))
        .isGreaterThan(differences.size() * 3L / 4);
    return median;
  }

  /** The medians of tens. */
  private static List<Long> overTime(List<Double> differences) {
    List<Long> medians = new ArrayList<>();
    for (int i = 0; i < differences.size(); i += 10) {
      medians.add(Math.round(median(differences.subList(i, Math.min(i + 10, differences.size())))));
    }
    return medians;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
