package parley.signalling.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;

/** In virtual time. */
class BacklogTest {

  private static final RetryTimes TIMES =
      new RetryTimes(
          Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofDays(3));

  private final Backlog backlog = new Backlog(TIMES, new Random(1));
  private long nowNs = -5_000_000_000L; // System.nanoTime() may be negative
  private long lastNumber;

  @Test
  void sendsTheEventsOfOneCallOneAfterTheOther() {
    long first = add("one");
    long second = add("one");
    assertThat(backlog.pollDue(nowNs)).isEqualTo(first);
    assertThat(backlog.pollDue(nowNs)).isNull();
    backlog.delivered(first, nowNs);
    assertThat(backlog.pollDue(nowNs)).isEqualTo(second);
  }

  @Test
  void sendsThoseOfSeveralCallsSideBySideButNotWithoutEnd() {
    for (int i = 0; i < 2 * Backlog.MAX_UNDER_WAY; i++) {
      add("call " + i);
    }
    assertThat(pollAll()).hasSize(Backlog.MAX_UNDER_WAY);
  }

  @Test
  void waitsLongerAfterEachFailure() {
    long number = add("one");
    long pauseNs = 0;
    for (int failure = 1; failure <= 12; failure++) {
      assertThat(backlog.pollDue(nowNs)).isEqualTo(number);
      backlog.failed(number, 0, nowNs);
      long fullNs = Math.min(TIMES.longest().toNanos(), TIMES.first().toNanos() << (failure - 1));
      pauseNs = backlog.nextDeadlineNs() - nowNs;
      assertThat(pauseNs).isBetween(fullNs / 4, fullNs);
      assertThat(backlog.pollDue(nowNs + pauseNs - 1)).isNull();
      nowNs += pauseNs;
    }
    assertThat(pauseNs).isGreaterThanOrEqualTo(TIMES.longest().toNanos() / 2);
  }

  @Test
  void letsOneEventThatTheReceiverCannotBearHoldUpItsOwnCallOnly() {
    long poison = add("bad");
    long behind = add("bad");
    List<Long> delivered = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      add("good " + i);
      nowNs += Duration.ofSeconds(1).toNanos();
      for (long due : pollAll()) {
        if (due == poison) {
          backlog.failed(due, 0, nowNs);
        } else {
          backlog.delivered(due, nowNs);
          delivered.add(due);
        }
      }
    }
    assertThat(delivered).hasSize(500).doesNotContain(behind);
  }

  @Test
  void triesAReceiverThatIsDownSeldomAndOneAtATime() {
    for (int i = 0; i < 50; i++) {
      add("call " + i);
    }
    int attempts = 0;
    long untilNs = nowNs + Duration.ofHours(2).toNanos();
    while (nowNs < untilNs) {
      for (Long due = backlog.pollDue(nowNs); due != null; due = backlog.pollDue(nowNs)) {
        attempts++;
        backlog.failed(due, 0, nowNs);
        assertThat(attempts <= Backlog.DOWN_AFTER || backlog.down()).isTrue();
      }
      nowNs = Math.max(nowNs + 1, backlog.nextDeadlineNs());
    }
    // Each once, then with pauses that grow to five minutes.
    assertThat(attempts).isBetween(50 + 24, 50 + 24 + 50);
  }

  @Test
  void letsACallThatRingsNowTryItsLuckWhileTheReceiverIsDown() {
    goDown();
    long ring = add("ringing");
    nowNs += Backlog.PROBE_NS;
    assertThat(backlog.pollDue(nowNs)).isEqualTo(ring);
  }

  @Test
  void sendsEverythingAsSoonAsTheReceiverIsBack() {
    List<Long> waiting = goDown();
    long ring = add("ringing");
    nowNs += Backlog.PROBE_NS;
    assertThat(backlog.pollDue(nowNs)).isEqualTo(ring);
    backlog.delivered(ring, nowNs);
    assertThat(backlog.down()).isFalse();
    assertThat(pollAll()).containsExactlyElementsOf(waiting);
  }

  @Test
  void leavesTheReceiverAloneForAsLongAsItAsks() {
    long number = add("one");
    assertThat(backlog.pollDue(nowNs)).isEqualTo(number);
    backlog.failed(number, Duration.ofMinutes(3).toNanos(), nowNs);
    add("two");
    assertThat(backlog.nextDeadlineNs() - nowNs).isEqualTo(Duration.ofMinutes(3).toNanos());
    assertThat(backlog.pollDue(nowNs + Duration.ofMinutes(3).toNanos() - 1)).isNull();
    assertThat(backlog.pollDue(nowNs + Duration.ofMinutes(3).toNanos())).isNotNull();
  }

  @Test
  void grantsNoReceiverMoreThanAnHour() {
    long number = add("one");
    assertThat(backlog.pollDue(nowNs)).isEqualTo(number);
    backlog.failed(number, Duration.ofDays(100).toNanos(), nowNs);
    assertThat(backlog.nextDeadlineNs() - nowNs).isEqualTo(Backlog.MAX_WAIT_NS);
  }

  @Test
  void givesUpWhatIsTooOldAndGoesOnWithTheNext() {
    backlog.add(1, call("one"), TIMES.giveUp().toNanos() - 10, nowNs);
    backlog.add(2, call("one"), 0, nowNs);
    assertThat(backlog.pollExpired(nowNs)).isNull();
    nowNs += 10;
    assertThat(backlog.pollExpired(nowNs)).isEqualTo(1);
    assertThat(backlog.pollExpired(nowNs)).isNull();
    assertThat(backlog.pollDue(nowNs)).isEqualTo(2);
  }

  @Test
  void doesNotGiveUpWhatIsBeingSent() {
    backlog.add(1, call("one"), TIMES.giveUp().toNanos() - 10, nowNs);
    assertThat(backlog.pollDue(nowNs)).isEqualTo(1);
    nowNs += 10;
    assertThat(backlog.pollExpired(nowNs)).isNull();
    backlog.failed(1, 0, nowNs);
    assertThat(backlog.pollExpired(nowNs)).isEqualTo(1);
    assertThat(backlog.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void forgetsEverythingWhenAbandoned() {
    long number = add("one");
    add("two");
    assertThat(backlog.pollDue(nowNs)).isEqualTo(number);
    assertThat(backlog.abandon()).containsExactly(1L, 2L);
    assertThat(backlog.delivered(number, nowNs)).isFalse();
    assertThat(backlog.size()).isZero();
    assertThat(backlog.pollDue(nowNs)).isNull();
  }

  /** Three calls have failed once each. */
  private List<Long> goDown() {
    List<Long> failed = new ArrayList<>();
    for (int i = 0; i < Backlog.DOWN_AFTER; i++) {
      long number = add("call " + i);
      assertThat(backlog.pollDue(nowNs)).isEqualTo(number);
      backlog.failed(number, 0, nowNs);
      failed.add(number);
    }
    assertThat(backlog.down()).isTrue();
    return failed;
  }

  private long add(String call) {
    backlog.add(++lastNumber, call(call), 0, nowNs);
    return lastNumber;
  }

  private List<Long> pollAll() {
    List<Long> all = new ArrayList<>();
    for (@Nullable Long due = backlog.pollDue(nowNs); due != null; due = backlog.pollDue(nowNs)) {
      all.add(due);
    }
    return all;
  }

  private static CallId call(String name) {
    return new CallId(name);
  }
}
