package parley.load.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import parley.load.Eventually;
import parley.load.Tones;
import parley.load.audio.Pcm;
import parley.load.audio.Spectrum;
import parley.load.server.LargeTeam;

/** How the mix sounds in a Chromium that offers a single section. */
@Tag("browser")
class MixQualityTest {

  private static final List<Integer> SPOKEN = List.of(Tones.ALICE, Tones.BOB, Tones.CAROL);
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  /** A machine that is busy with something else only adds distortion: the best attempt counts. */
  private static final int ATTEMPTS = 10;

  private Clients clients;
  private Stage stage;
  private final List<CallClient> seated = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    clients = new Clients(Path.of("target", "clients").toAbsolutePath());
    clients.missing(ClientKind.PION).ifPresent(why -> assumeTrue(false, "pion: " + why));
    stage = new Stage(clients);
  }

  @AfterEach
  void stop() {
    seated.reversed().forEach(CallClient::close);
    if (stage != null) {
      stage.close();
    }
    clients.close();
  }

  private CallClient join(ClientKind kind, int toneHz) {
    CallClient client = stage.start(kind, seated.size(), LargeTeam.GROUP, Sections.ONE, toneHz);
    seated.add(client);
    return client;
  }

  @Test
  void threeTonesAtOnceInAGroupOfSixAreFoundUndistorted() {
    CallClient listener = join(ClientKind.CHROMIUM, 0);
    SPOKEN.forEach(tone -> join(ClientKind.PION, tone));
    join(ClientKind.PION, 0);
    join(ClientKind.PION, 0);
    awaitHeard(listener, SPOKEN);

    double best = Double.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS && best >= 0.01; attempt++) {
      Spectrum heard = Spectrum.of(listener.listen(Duration.ofSeconds(2)).getFirst());
      best = Math.min(best, distortion(heard));
    }
    System.out.printf(Locale.ROOT, "total harmonic distortion of the mix: %.2f %%%n", 100 * best);
    assertThat(best).as("total harmonic distortion, at best").isLessThan(0.01);
  }

  /** All harmonics up to the sixth of all tones, by all tones. */
  private static double distortion(Spectrum heard) {
    double tones = 0;
    double harmonics = 0;
    for (int tone : SPOKEN) {
      tones += power(heard, tone);
      for (int n = 2; n <= 6; n++) {
        harmonics += power(heard, n * tone);
      }
    }
    return Math.sqrt(harmonics / tones);
  }

  private static double power(Spectrum heard, int hertz) {
    return Math.pow(10, heard.levelDb(hertz) / 10);
  }

  @Test
  void nobodyHearsHowTheMixTakesOverFromForwardingAndGivesBack() {
    CallClient listener = join(ClientKind.CHROMIUM, 0);
    join(ClientKind.PION, Tones.ALICE);
    awaitHeard(listener, List.of(Tones.ALICE));

    for (int attempt = 1; ; attempt++) {
      CompletableFuture<Pcm> around =
          CompletableFuture.supplyAsync(() -> listener.listen(Duration.ofSeconds(9)).getFirst());
      CallClient third = join(ClientKind.PION, 0);
      awaitLog("is mixed", attempt);
      seated.remove(third);
      third.close();
      awaitLog("is mixed no longer", attempt);
      Smoothness smoothness = Smoothness.of(around.join(), Tones.ALICE);
      System.out.println("forwarded, mixed, forwarded: " + smoothness);
      if (smoothness.unbroken()) {
        return;
      }
      assertThat(attempt).as(smoothness.toString()).isLessThan(ATTEMPTS / 2);
    }
  }

  private void awaitLog(String words, int times) {
    Eventually.until(
        "the server to say that the call " + words,
        PATIENCE,
        () -> stage.log().lines().filter(line -> line.endsWith(words)).count() >= times,
        stage::log);
  }

  private void awaitHeard(CallClient listener, List<Integer> tones) {
    Eventually.value(
        "Chromium to hear " + tones,
        PATIENCE,
        () ->
            listener.listen(Duration.ofSeconds(1)).stream()
                .flatMap(sound -> Spectrum.of(sound).tonesAmong(Tones.ALL).stream())
                .sorted()
                .toList(),
        tones::equals,
        () -> listener.describe() + "\nserver:\n" + stage.log());
  }

  /**
   * How even a tone is.
   *
   * @param steepest the largest step from sample to sample, by that of the tone itself
   * @param softest 10 ms, by the median's loudness
   */
  private record Smoothness(double steepest, double softest) {

    static Smoothness of(Pcm sound, int hertz) {
      float[] samples = sound.samples();
      double loudness = Math.sqrt(2) * Math.pow(10, sound.levelDb() / 20);
      double largest = 0;
      for (int i = 1; i < samples.length; i++) {
        largest = Math.max(largest, Math.abs(samples[i] - samples[i - 1]));
      }
      double softest = Double.MAX_VALUE;
      int block = sound.rateHz() / 100;
      for (int at = 0; at + block <= samples.length; at += block / 2) {
        double sum = 0;
        for (int i = at; i < at + block; i++) {
          sum += samples[i] * samples[i];
        }
        softest = Math.min(softest, Math.sqrt(2 * sum / block));
      }
      double own = loudness * 2 * Math.PI * hertz / sound.rateHz();
      return new Smoothness(largest / own, softest / loudness);
    }

    /** A step of a tenth of the tone's height would be more than two of its own steps. */
    boolean unbroken() {
      return steepest < 1.3 && softest > 0.7;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "largest step %.2f of the tone's own, softest 10 ms %.2f of its loudness",
          steepest,
          softest);
    }
  }
}
