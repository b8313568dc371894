package parley.signalling.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeChecksTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong nowNs = new AtomicLong();
  private final NodeChecks.Store store = new NodeChecks.Store(waiting::get, nowNs::get);

  @Test
  void tellsOfACertificateTwoWeeksBeforeItEnds() {
    assertThat(NodeChecks.certificate(NOW.plus(Duration.ofDays(15)), NOW)).isEmpty();
    assertThat(NodeChecks.certificate(NOW.plus(Duration.ofDays(13)), NOW).orElseThrow())
        .contains("ends in 13 days");
    assertThat(NodeChecks.certificate(NOW.minus(Duration.ofDays(1)), NOW).orElseThrow())
        .contains("ended on");
  }

  @Test
  void tellsOfGapsOnlyWhereSomebodyHearsThem() {
    Duration late = Duration.ofMillis(150);

    assertThat(NodeChecks.media(late, Duration.ZERO, 2).orElseThrow()).contains("150 ms late");
    assertThat(NodeChecks.media(late, late, 0)).isEmpty();
    assertThat(NodeChecks.media(late, Duration.ofSeconds(2), 0).orElseThrow())
        .contains("2000 ms late");
  }

  @Test
  void isPatientWithABucketThatTakesRecordings() {
    for (int minute = 0; minute < 20; minute++) {
      waiting.set(100 - minute);
      pass(Duration.ofMinutes(1));
      assertThat(store.trouble()).isEmpty();
    }
  }

  @Test
  void tellsOfABucketThatTakesNone() {
    waiting.set(3);
    assertThat(store.trouble()).isEmpty();

    pass(Duration.ofMinutes(6));
    assertThat(store.trouble().orElseThrow()).contains("6 minutes", "3 wait");

    waiting.set(0);
    assertThat(store.trouble()).isEmpty();
  }

  private void pass(Duration time) {
    nowNs.addAndGet(time.toNanos());
  }
}
