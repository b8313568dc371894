package parley.signalling.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has been sent to a provider, until he comes back. */
class AttemptsTest {

  private long nowNs;
  private final Attempts attempts = new Attempts(() -> nowNs);

  @Test
  void isGoodOnceAndForItsState() {
    Attempt attempt = attempts.begin("192.0.2.1", "http://here/back");

    assertThat(attempts.take("another state")).isNull();
    assertThat(attempts.take(attempt.state())).isEqualTo(attempt);
    assertThat(attempts.take(attempt.state())).isNull();
  }

  @Test
  void isOverAfterTenMinutes() {
    Attempt attempt = attempts.begin("192.0.2.1", "http://here/back");
    nowNs += Attempts.PATIENCE.toNanos() + 1;

    assertThat(attempts.take(attempt.state())).isNull();
  }

  @Test
  void whoBeginsTooManyLosesTheOldestOfHisOwn() {
    Attempt other = attempts.begin("198.51.100.1", "http://here/back");
    List<Attempt> own = new ArrayList<>();
    for (int i = 0; i <= Attempts.MAX_OF_ONE; i++) {
      own.add(attempts.begin("192.0.2.1", "http://here/back"));
    }

    assertThat(attempts.take(other.state())).isEqualTo(other);
    assertThat(attempts.take(own.getFirst().state())).isNull();
    assertThat(attempts.take(own.get(1).state())).isEqualTo(own.get(1));
    assertThat(attempts.take(own.getLast().state())).isEqualTo(own.getLast());
  }
}
