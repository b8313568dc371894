package parley.signalling.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthDeskTest {

  private final AtomicBoolean stuck = new AtomicBoolean();
  private HealthDesk desk = new HealthDesk(List.of(), stuck::get);

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void isReadyWhileNothingIsWrong() {
    Health health = desk.now();

    assertThat(health.state()).isEqualTo(Health.State.READY);
    assertThat(health.isLive()).isTrue();
    assertThat(health.isReady()).isTrue();
  }

  @Test
  void isDegradedAndStillReadyWhenSomethingIs() throws Exception {
    watch(Subject.DISK, Optional.of("The disk is full."));

    Health health = desk.now();
    assertThat(health.state()).isEqualTo(Health.State.DEGRADED);
    assertThat(health.isReady()).isTrue();
    assertThat(health.troubles())
        .containsExactly(new Health.Trouble(Subject.DISK, "The disk is full."));
    assertThat(desk.isWell(Subject.DISK)).isFalse();
  }

  @Test
  void takesNoNewCallsWhileItDrains() {
    desk.drain(true);
    assertThat(desk.now().isReady()).isFalse();
    assertThat(desk.now().isLive()).isTrue();

    desk.drain(false);
    assertThat(desk.now().isReady()).isTrue();
  }

  @Test
  void isToBeRestartedWhenAThreadStandsStill() {
    stuck.set(true);

    assertThat(desk.now().isLive()).isFalse();
    assertThat(desk.now().isReady()).isFalse();
  }

  @Test
  void takesACheckThatBreaksForTrouble() throws Exception {
    watch(Subject.CERTIFICATE, null);

    assertThat(desk.now().troubles()).hasSize(1);
    assertThat(desk.now().troubles().getFirst().sentence()).contains("cannot be found out");
  }

  /** Returns when it has looked. */
  private void watch(Subject subject, @Nullable Optional<String> trouble)
      throws InterruptedException {
    var looked = new CountDownLatch(1);
    desk.close();
    Check check =
        new Check() {
          @Override
          public Subject subject() {
            return subject;
          }

          @Override
          public Optional<String> trouble() {
            looked.countDown();
            if (trouble == null) {
              throw new IllegalStateException("broken");
            }
            return trouble;
          }
        };
    desk = new HealthDesk(List.of(check), stuck::get);
    desk.begin();
    looked.await();
    while (desk.isWell(subject)) {
      Thread.onSpinWait();
    }
  }
}
