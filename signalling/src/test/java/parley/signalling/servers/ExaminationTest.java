package parley.signalling.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.stun.doctor.Finding;

@Timeout(60)
class ExaminationTest {

  private final AtomicInteger examined = new AtomicInteger();
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  private List<Finding> count() {
    try {
      mayEnd.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return List.of(
        new Finding("count", Finding.Verdict.OK, "" + examined.incrementAndGet(), "", ""));
  }

  private static String found(CompletableFuture<List<Finding>> findings) throws Exception {
    return findings.get(30, TimeUnit.SECONDS).getFirst().found();
  }

  @Test
  void whoAsksMeanwhileIsToldTheSame() throws Exception {
    var examination = new Examination(this::count);
    var first = examination.findings(System.nanoTime());
    var second = examination.findings(System.nanoTime());
    assertThat(first.isDone()).isFalse();
    mayEnd.countDown();
    assertThat(found(first)).isEqualTo("1");
    assertThat(found(second)).isEqualTo("1");
  }

  @Test
  void looksAgainOnlyAfterAWhile() throws Exception {
    mayEnd.countDown();
    var examination = new Examination(this::count);
    assertThat(found(examination.findings(System.nanoTime()))).isEqualTo("1");
    long doneNs = System.nanoTime();
    assertThat(found(examination.findings(doneNs))).isEqualTo("1");
    assertThat(found(examination.findings(doneNs + Examination.FRESH.toNanos()))).isEqualTo("2");
  }

  @Test
  void aDefectOfTheDoctorIsNotKeptForEver() throws Exception {
    mayEnd.countDown();
    var examination =
        new Examination(
            () -> {
              if (examined.get() == 0) {
                examined.incrementAndGet();
                throw new IllegalStateException("a defect");
              }
              return count();
            });
    assertThatThrownBy(() -> found(examination.findings(System.nanoTime())))
        .hasRootCauseMessage("a defect");
    long later = System.nanoTime() + Examination.FRESH.toNanos();
    assertThat(found(examination.findings(later))).isEqualTo("2");
  }
}
