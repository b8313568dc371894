package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.audio.Pcm;
import parley.load.audio.SoundFile;
import parley.load.audio.Spectrum;
import parley.load.audio.ToneCurve;
import parley.load.browser.Client;

/** The process is killed in the middle of a recorded call. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class KilledServerTest {

  /** What may be missing at the end of a track. */
  private static final double LOST_MS = 1000;

  @Test
  void theTracksStillOpenAndMissAtMostTheLastSecond(Browsers browsers) {
    try (World world = new World()) {
      Map<Person, Client> people =
          Map.of(
              Person.ALICE, world.signIn(Person.ALICE, browsers.chromium()),
              Person.BOB, world.signIn(Person.BOB, browsers.firefox()));
      people.values().forEach(c -> world.call(c, World.RECORDED_GROUP));
      Client[] all = people.values().toArray(Client[]::new);
      world.awaitActive(all);
      world.assertEachHearsTheOthers(all);
      // Long enough that buffers of several seconds would show.
      double until = System.currentTimeMillis() + 6_000;
      all[0].hear(until - 100, until);

      double killed = System.currentTimeMillis();
      world.parley().kill();
      assertThat(world.parley().isAlive()).isFalse();

      Recording recording = world.recording();
      List<SoundFile> tracks = recording.tracks();
      assertThat(tracks).hasSize(2);
      double start = recording.startedMs();
      for (Person person : people.keySet()) {
        SoundFile track = recording.track(person);
        assertThat(track.codec()).isEqualTo("opus");
        Pcm sound = track.decode();
        assertThat(Spectrum.of(sound).tonesAmong(Tones.ALL)).containsExactly(person.toneHz);
        double last = ToneCurve.of(sound, person.toneHz).lastAboveMs(-30);
        assertThat(start + last)
            .as("%s's track ends %.0f ms before the kill", person, killed - start - last)
            .isGreaterThan(killed - LOST_MS);
      }
    }
  }
}
