package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.signalling.directory.Directory;
import parley.signalling.directory.Team;
import parley.signalling.wire.EventCodec;

/**
 * A million steps of two teams with several devices each, through the switchboard as it is, with a
 * relay that keeps its promises and nothing more. A failure prints its seed and the shortest way to
 * it that was found; {@code -Dparley.seed=…} lives that life again.
 */
class CallsPropertyTest {

  private static final int STEPS = 1_000_000;
  private static final int STEPS_OF_A_LIFE = 2_000;

  /** So long a shorter way to a failure is looked for. */
  private static final long SHRINK_NS = TimeUnit.SECONDS.toNanos(20);

  private final EventCodec codec = new EventCodec();
  private final List<List<Team>> teams = new ArrayList<>();

  @BeforeEach
  void readTeams(@TempDir Path folder) throws Exception {
    for (int variant = 0; variant < 3; variant++) {
      Path file = folder.resolve("teams.yaml");
      Files.writeString(file, yaml(variant));
      teams.add(List.copyOf(Directory.read(file).teams()));
    }
  }

  @Test
  void callsKeepTheirPromisesForAMillionSteps() {
    String given = System.getProperty("parley.seed", "");
    if (!given.isEmpty()) {
      live(Long.parseLong(given));
      return;
    }
    long first = ThreadLocalRandom.current().nextLong() >>> 16;
    for (int life = 0; life < STEPS / STEPS_OF_A_LIFE; life++) {
      live(first + life);
    }
  }

  /** The net catches: with a promise broken on purpose, a life fails, and few steps are left. */
  @Test
  void findsAShortWayToAFailure() {
    List<Step> steps = Step.random(7, STEPS_OF_A_LIFE);
    List<Step> few = shortest(7, steps, candidate -> candidate.stream().anyMatch(this::isMischief));
    assertThat(few).hasSize(1);
  }

  private boolean isMischief(Step step) {
    return step.what() == Step.What.MISCHIEF;
  }

  private void live(long seed) {
    List<Step> steps = Step.random(seed, STEPS_OF_A_LIFE);
    Throwable failure = failure(seed, steps, null);
    if (failure == null) {
      return;
    }
    List<Step> few = shortest(seed, steps, part -> failure(seed, part, null) != null);
    StringBuilder transcript = new StringBuilder();
    Throwable shortFailure = failure(seed, few, transcript);
    fail(
        "seed %d fails; %d of its %d steps do:%n%s%s"
            .formatted(seed, few.size(), steps.size(), transcript, shortFailure),
        shortFailure == null ? failure : shortFailure);
  }

  private @Nullable Throwable failure(
      long seed, List<Step> steps, @Nullable StringBuilder transcript) {
    try {
      new Life(teams, codec, seed, transcript).live(steps);
      return null;
    } catch (AssertionError | RuntimeException e) {
      return e;
    }
  }

  private interface Failing {
    boolean test(List<Step> steps);
  }

  /** Leaves out ever smaller parts for as long as it still fails. */
  private static List<Step> shortest(long seed, List<Step> steps, Failing failing) {
    long endNs = System.nanoTime() + SHRINK_NS;
    List<Step> few = steps;
    for (int size = few.size() / 2; size > 0; ) {
      int before = few.size();
      for (int from = 0; from < few.size() && System.nanoTime() < endNs; ) {
        List<Step> less = new ArrayList<>(few.subList(0, from));
        less.addAll(few.subList(Math.min(few.size(), from + size), few.size()));
        if (failing.test(less)) {
          few = less;
        } else {
          from += size;
        }
      }
      boolean again = size == 1 && few.size() < before && System.nanoTime() < endNs;
      size = again ? 1 : size / 2;
    }
    return few;
  }

  /** The same two teams, in which some have come and some have gone. */
  private static String yaml(int variant) {
    StringBuilder yaml = new StringBuilder("teams:\n");
    team(yaml, 1, variant == 2 ? 7 : 8);
    chat(yaml, "g", 1, 1, List.of());
    chat(yaml, "g", 1, 2, variant == 1 ? List.of(0, 2, 5, 6) : List.of(0, 1, 2, 3));
    chat(yaml, "t", 1, 3, variant == 2 ? List.of(0, 1, 2, 3) : List.of(2, 3, 4, 5, 6));
    team(yaml, 2, 3);
    chat(yaml, "g", 2, 1, List.of());
    return yaml.toString();
  }

  private static void team(StringBuilder yaml, int team, int contacts) {
    yaml.append(
        """
          - uid: 00000000-0000-4000-9000-00000000000%d
            name: Team
            record_direct_calls: %s
            contacts:
        """
            .formatted(team, team == 1));
    for (int i = 0; i < contacts; i++) {
      yaml.append(
          """
                - jid: %s
                  display_name: Number %d
                  short_name: Nr%d
                  admin: %s
                  tokens: [token-%d-%d]
          """
              .formatted(contact(team, i), i, i, i == 0, team, i));
    }
    yaml.append("    chats:\n");
  }

  private static void chat(
      StringBuilder yaml, String kind, int team, int number, List<Integer> members) {
    yaml.append(
        """
              - jid: %s-0000000%d-0000-4000-a000-00000000000%d
                display_name: Chat
                audiorecord: true
        """
            .formatted(kind, number, team));
    if (!members.isEmpty()) {
      List<String> jids = members.stream().map(member -> contact(team, member)).toList();
      yaml.append("        members: [").append(String.join(", ", jids)).append("]\n");
    }
  }

  private static String contact(int team, int number) {
    return String.format(Locale.ROOT, "d-%08d-0000-4000-8000-00000000000%d", number + 1, team);
  }
}
