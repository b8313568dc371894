package parley.load.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import parley.load.Eventually;
import parley.load.Tones;
import parley.load.audio.Spectrum;
import parley.load.server.LargeTeam;

/** Browsers that offer G.711 alone, in a group with a client that sends Opus. */
@Tag("browser")
class TelephoneBrowserTest {

  private static final List<Integer> SPOKEN = List.of(Tones.ALICE, Tones.BOB, Tones.CAROL);

  @Test
  void bothKindsOfG711AndOpusHearEachOther() throws IOException {
    try (Clients clients = new Clients(Path.of("target", "clients").toAbsolutePath())) {
      clients.missing(ClientKind.PION).ifPresent(why -> assumeTrue(false, "pion: " + why));
      try (Stage stage = new Stage(clients);
          CallClient chromium = stage.startWith("PCMU", ClientKind.CHROMIUM, 0, Tones.ALICE);
          CallClient firefox = stage.startWith("PCMA", ClientKind.FIREFOX, 1, Tones.BOB);
          CallClient pion =
              stage.start(ClientKind.PION, 2, LargeTeam.GROUP, Sections.ONE, Tones.CAROL)) {
        assertHearsTheOthers(stage, chromium, Tones.ALICE);
        assertHearsTheOthers(stage, firefox, Tones.BOB);
        assertHearsTheOthers(stage, pion, Tones.CAROL);
        assertThat(stage.log()).as("the server's log").contains("is mixed");
      }
    }
  }

  private static void assertHearsTheOthers(Stage stage, CallClient client, int own) {
    NavigableSet<Integer> others = new TreeSet<>(SPOKEN);
    others.remove(own);
    Eventually.value(
        "the client with " + own + " Hz to hear " + others,
        Duration.ofSeconds(45),
        () -> {
          NavigableSet<Integer> heard = new TreeSet<>();
          client
              .listen(Duration.ofSeconds(1))
              .forEach(sound -> heard.addAll(Spectrum.of(sound).tonesAmong(Tones.ALL)));
          return heard;
        },
        others::equals,
        () -> client.describe() + "\nserver:\n" + stage.log());
  }
}
