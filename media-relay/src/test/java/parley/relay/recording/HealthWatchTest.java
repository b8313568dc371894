package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.evidence.SigningKey;

class HealthWatchTest {

  @TempDir Path folder;

  /** Set by hand. */
  private static final class Wall extends Clock {
    Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void saysThatAWritableFolderIsGood() {
    try (var watch =
        new HealthWatch(HealthWatch.checks(folder, Clock.systemUTC(), SigningKey.create()))) {
      assertThat(watch.now().possible()).isTrue();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhyAFolderCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("recordings"), "in the way");
    try (var watch =
        new HealthWatch(HealthWatch.checks(file, Clock.systemUTC(), SigningKey.create()))) {
      assertThat(watch.now().possible()).isFalse();
      assertThat(watch.now().reason())
          .isEqualTo("The folder for recordings cannot be made: there is a file of that name.");
    }
  }

  @Test
  void namesTheFirstTrouble() {
    try (var watch =
        new HealthWatch(
            List.of(
                Optional::empty,
                () -> Optional.of("The key store is locked."),
                () -> Optional.of("never asked")))) {
      assertThat(watch.now().reason()).isEqualTo("The key store is locked.");
    }
  }

  @Test
  void repeatsWhatASlowCheckSaidUntilItAsksAgain() {
    var answers = new ArrayDeque<>(List.of(Optional.<String>empty(), Optional.of("It broke.")));
    var seldom = new HealthWatch.Seldom(3, answers::remove);
    for (int look = 0; look < 3; look++) {
      assertThat(seldom.trouble()).isEmpty();
    }
    for (int look = 0; look < 3; look++) {
      assertThat(seldom.trouble()).contains("It broke.");
    }
    assertThat(answers).isEmpty();
  }

  @Test
  void distrustsAClockThatWasSetForAMinute() {
    var wall = new Wall();
    long[] nowNs = {0};
    var steadiness = new HealthWatch.Steadiness(wall, () -> nowNs[0]);
    nowNs[0] += Duration.ofSeconds(2).toNanos();
    wall.now = wall.now.plusSeconds(3);
    assertThat(steadiness.trouble()).isEmpty();

    nowNs[0] += Duration.ofSeconds(2).toNanos();
    wall.now = wall.now.plus(Duration.ofHours(1));
    assertThat(steadiness.trouble()).isPresent();
    nowNs[0] += Duration.ofSeconds(59).toNanos();
    wall.now = wall.now.plusSeconds(59);
    assertThat(steadiness.trouble()).isPresent();
    nowNs[0] += Duration.ofSeconds(2).toNanos();
    wall.now = wall.now.plusSeconds(2);
    assertThat(steadiness.trouble()).isEmpty();
  }

  @Test
  void distrustsAClockThatWasNeverSet() {
    var wall = new Wall();
    wall.now = Instant.EPOCH;
    assertThat(new HealthWatch.Steadiness(wall, System::nanoTime).trouble()).isPresent();
  }
}
