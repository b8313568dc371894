package parley.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.load.Eventually;

/** The short form of {@code parley chaos}: three processes, a real NATS server, real media. */
class ChaosTest {

  private static final int LEASE_MS = 1_500;

  @TempDir private Path folder;

  @Test
  void aCallOutlivesItsOwnersAndIsRecordedByAllOfThem() throws Exception {
    assumeTrue(
        NatsProcess.isInstalled(),
        "nats-server is missing: load-tests/install-clients installs it");
    var plan = new Trial.Plan(new ChaosTeam(1, 3), LEASE_MS, 3, 4);
    try (var trial = new Trial(plan, folder, new Random(1))) {
      assertThat(trial.begin()).isEmpty();
      String uid = trial.uid(0);
      for (Fault fault : List.of(Fault.OWNER, Fault.DRAIN)) {
        Incident incident = trial.suffer(EnumSet.of(fault));
        assertThat(incident.faults()).as("after %s", incident.name()).isEmpty();
        assertThat(incident.ghosts()).isZero();
        assertThat(incident.doubleOwners()).isZero();
        assertThat(trial.uid(0)).isEqualTo(uid);
      }
      assertThat(trial.finish()).isEmpty();
      Eventually.until(
          "three parts of the recording", Duration.ofSeconds(10), () -> partsOf(uid, trial) == 3);
    }
  }

  /** A node may own it twice; what it does not know it had to record nobody would miss. */
  private static long partsOf(String uid, Trial trial) {
    return trial.cluster().places.stream()
        .mapToLong(place -> Math.min(recorded(place, uid), known(place, uid)))
        .sum();
  }

  private static long recorded(Place place, String uid) {
    try (Stream<Path> files = Files.walk(place.recordings())) {
      return files
          .filter(file -> file.endsWith("call.json"))
          .filter(file -> file.toString().contains(uid))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long known(Place place, String uid) {
    long known = 0;
    try (Stream<Path> days = Files.list(place.recordings().resolve("calls"))) {
      for (Path day : days.toList()) {
        known +=
            Files.readAllLines(day).stream()
                .filter(line -> line.contains("\"started\"") && line.contains(uid))
                .count();
      }
    } catch (IOException e) {
      return 0; // not written yet
    }
    return known;
  }
}
