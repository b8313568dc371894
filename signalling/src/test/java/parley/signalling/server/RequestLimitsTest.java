package parley.signalling.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Requests that come too often. */
class RequestLimitsTest {

  private final AtomicLong nowNs = new AtomicLong();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final RequestLimits limits =
      new RequestLimits(new LimitSettings(60, 30, 6, List.of()), metrics, nowNs::get);

  @Test
  void takesAMinutesWorthAtOnceAndThenOneASecond() {
    for (int i = 0; i < 60; i++) {
      assertThat(limits.admits("here")).isTrue();
    }
    assertThat(limits.admits("here")).isFalse();
    assertThat(limits.admits("there")).isTrue();
    assertThat(limits.admits(null)).as("of nobody in particular").isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(limits.admits("here")).isTrue();
    assertThat(limits.admits("here")).isFalse();
    assertThat(metrics.counter("parley.signalling.requests.refused", "why", "network").count())
        .isEqualTo(2);
  }

  @Test
  void countsEachTokenForItself() {
    for (int i = 0; i < 30; i++) {
      assertThat(limits.admitsToken("alice")).isTrue();
    }
    assertThat(limits.admitsToken("alice")).isFalse();
    assertThat(limits.admitsToken("bob")).isTrue();
  }

  @Test
  void looksAtNoMoreTokensAfterManyWrongOnes() {
    requireNonNull(limits.attempt("here", List.of("alice"))).right();
    for (int i = 0; i < 6; i++) {
      assertThat(limits.attempt("here", List.of("wrong" + i))).isNotNull();
    }
    assertThat(limits.attempt("here", List.of("bob"))).isNull();
    assertThat(limits.attempt("there", List.of("bob"))).isNotNull();
    assertThat(limits.attempt("here", List.of("alice"))).as("right before").isNotNull();
    pass(Duration.ofSeconds(10));
    assertThat(limits.attempt("here", List.of("bob"))).isNotNull();
  }

  @Test
  void countsEveryCandidateOfARequest() {
    assertThat(limits.attempt("here", List.of("a", "b", "c", "d"))).isNotNull();
    assertThat(limits.attempt("here", List.of("e", "f", "g", "h"))).isNull();
    assertThat(limits.attempt("here", List.of("e", "f"))).isNotNull();
    assertThat(limits.attempt("here", List.of("g"))).isNull();
  }

  @Test
  void countsAttemptsThatAreUnderWayAndForgetsThoseThatWereNotWrong() {
    var attempts = new ArrayList<RequestLimits.Attempt>();
    for (int i = 0; i < 6; i++) {
      attempts.add(requireNonNull(limits.attempt("here", List.of("slow" + i))));
    }
    assertThat(limits.attempt("here", List.of("bob"))).isNull();
    attempts.get(0).undecided();
    requireNonNull(limits.attempt("here", List.of("bob"))).right();
    requireNonNull(limits.attempt("here", List.of("carol"))).undecided();
    assertThat(limits.attempt("here", List.of("dave"))).isNotNull();
    assertThat(limits.attempt("here", List.of("erin"))).isNull();
  }

  @Test
  void limitsNothingWhereItIsSetToNothing() {
    var none = new RequestLimits(new LimitSettings(0, 0, 0, List.of()), metrics, nowNs::get);
    for (int i = 0; i < 10_000; i++) {
      assertThat(none.admits("here") && none.admitsToken("alice")).isTrue();
      assertThat(none.attempt("here", List.of("wrong"))).isNotNull();
    }
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }
}
