package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;
import parley.relay.api.CallId;

/**
 * Whatever receivers answer, however late, and however often the process dies: every event arrives
 * at least once, and those of one call arrive in order. A failure prints the seed that repeats it.
 */
class BacklogPropertyTest {

  private static final RetryTimes TIMES =
      new RetryTimes(
          Duration.ofSeconds(15),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofDays(30));

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void everyEventArrivesAndThoseOfACallInOrder(@ForAll long seed) {
    new World(seed).live();
  }

  /** A process that dies now and then, its disk, and a receiver with moods. */
  private static final class World {
    private final Random random;
    private final int calls;

    // on disk
    private final TreeMap<Long, CallId> owed = new TreeMap<>();
    private long lastNumber;

    // in memory
    private Backlog backlog;
    private final List<Long> underWay = new ArrayList<>();

    // at the receiver
    private final Map<CallId, Long> latest = new HashMap<>();
    private final Set<Long> received = new HashSet<>();
    private double mood;

    private long nowNs = 1_000_000_000L;

    World(long seed) {
      random = new Random(seed);
      calls = 1 + random.nextInt(20);
      backlog = new Backlog(TIMES, random);
    }

    void live() {
      for (int step = 0; step < 500; step++) {
        if (random.nextInt(40) == 0) {
          mood = random.nextInt(3) / 2.0; // up, half, down
        }
        switch (random.nextInt(8)) {
          case 0, 1 -> happens();
          case 2, 3 -> lands();
          case 4 -> nowNs += random.nextLong(2_000_000_000L);
          case 5 -> nowNs = Math.max(nowNs, Math.min(nowNs + HOUR_NS, backlog.nextDeadlineNs()));
          case 6 -> {
            if (random.nextInt(20) == 0) {
              dies();
            }
          }
          default -> send();
        }
        checkStanding();
      }
      mood = 0;
      for (int turn = 0; !owed.isEmpty(); turn++) {
        assertThat(turn).as("turns until all is delivered").isLessThan(10_000);
        send();
        while (!underWay.isEmpty()) {
          lands();
        }
        if (!owed.isEmpty()) {
          assertThat(backlog.nextDeadlineNs()).isLessThan(nowNs + HOUR_NS);
          nowNs = Math.max(nowNs, backlog.nextDeadlineNs());
        }
      }
      assertThat(received).hasSize((int) lastNumber);
      assertThat(backlog.size()).isZero();
      assertThat(backlog.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    private static final long HOUR_NS = Duration.ofHours(1).toNanos();

    private void happens() {
      var call = new CallId("call " + random.nextInt(calls));
      owed.put(++lastNumber, call);
      backlog.add(lastNumber, call, 0, nowNs);
    }

    private void send() {
      for (@Nullable Long due = backlog.pollDue(nowNs); due != null; due = backlog.pollDue(nowNs)) {
        underWay.add(due);
      }
    }

    /** The receiver may have taken what we are told has failed: the answer was lost. */
    private void lands() {
      if (underWay.isEmpty()) {
        return;
      }
      long number = underWay.remove(random.nextInt(underWay.size()));
      boolean taken = random.nextDouble() >= mood;
      boolean answered = taken && (mood == 0 || random.nextInt(5) > 0);
      if (taken) {
        receives(number);
      }
      if (answered) {
        assertThat(backlog.delivered(number, nowNs)).isTrue();
        owed.remove(number);
      } else {
        backlog.failed(number, random.nextInt(10) == 0 ? random.nextLong(HOUR_NS) : 0, nowNs);
      }
    }

    private void receives(long number) {
      CallId call = owed.get(number);
      assertThat(call).as("only what is owed is sent").isNotNull();
      if (received.add(number)) {
        Long before = latest.put(call, number);
        assertThat(before == null || before < number).as("in order").isTrue();
      } else {
        assertThat(latest.get(call)).as("only the latest is repeated").isEqualTo(number);
      }
    }

    private void dies() {
      for (long number : underWay) {
        if (random.nextBoolean()) {
          receives(number); // it was on the wire
        }
      }
      underWay.clear();
      backlog = new Backlog(TIMES, random);
      owed.forEach((number, call) -> backlog.add(number, call, 0, nowNs));
    }

    private void checkStanding() {
      assertThat(backlog.size()).isEqualTo(owed.size());
      Set<CallId> busy = new HashSet<>();
      for (long number : underWay) {
        CallId call = owed.get(number);
        assertThat(busy.add(call)).as("one of a call at a time").isTrue();
        for (long earlier : owed.headMap(number).keySet()) {
          assertThat(owed.get(earlier)).as("nothing overtakes").isNotEqualTo(call);
        }
      }
    }
  }
}
