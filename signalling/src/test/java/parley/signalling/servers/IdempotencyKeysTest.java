package parley.signalling.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** In virtual time. */
class IdempotencyKeysTest {

  private static final Answer ANSWER = Answer.ok("{}");

  private final IdempotencyKeys keys = new IdempotencyKeys(10_000);
  private long nowNs = -1_000;

  @Test
  void answersTheSameRequestTheSame() {
    assertThat(begin("server", "key", "request")).isInstanceOf(IdempotencyKeys.Fresh.class);
    keys.answered("server", "key", ANSWER);
    assertThat(begin("server", "key", "request")).isEqualTo(new IdempotencyKeys.Answered(ANSWER));
  }

  @Test
  void refusesAnotherRequestWithTheSameKey() {
    begin("server", "key", "request");
    assertThat(begin("server", "key", "other")).isInstanceOf(IdempotencyKeys.Reused.class);
    keys.answered("server", "key", ANSWER);
    assertThat(begin("server", "key", "other")).isInstanceOf(IdempotencyKeys.Reused.class);
  }

  @Test
  void keepsServersApart() {
    begin("one", "key", "request");
    assertThat(begin("other", "key", "request")).isInstanceOf(IdempotencyKeys.Fresh.class);
  }

  @Test
  void saysThatTheFirstIsNotAnsweredYet() {
    begin("server", "key", "request");
    assertThat(begin("server", "key", "request")).isInstanceOf(IdempotencyKeys.UnderWay.class);
  }

  @Test
  void letsWhatCameToNothingBeTriedAgain() {
    begin("server", "key", "request");
    keys.forget("server", "key");
    assertThat(begin("server", "key", "request")).isInstanceOf(IdempotencyKeys.Fresh.class);
  }

  @Test
  void forgetsAfterADay() {
    begin("server", "key", "request");
    keys.answered("server", "key", ANSWER);
    nowNs += IdempotencyKeys.KEPT.toNanos() - 1;
    assertThat(begin("server", "key", "request")).isInstanceOf(IdempotencyKeys.Answered.class);
    nowNs++;
    assertThat(begin("server", "key", "request")).isInstanceOf(IdempotencyKeys.Fresh.class);
  }

  @Test
  void forgetsTheOldestWhenThereIsNoRoom() {
    for (int i = 0; i < 1_000; i++) {
      begin("server", "key " + i, "request");
      keys.answered("server", "key " + i, Answer.ok("x".repeat(500)));
    }
    assertThat(keys.size()).isBetween(5, 10);
    assertThat(begin("server", "key 999", "request")).isInstanceOf(IdempotencyKeys.Answered.class);
    assertThat(begin("server", "key 0", "request")).isInstanceOf(IdempotencyKeys.Fresh.class);
  }

  private IdempotencyKeys.Found begin(String token, String key, String fingerprint) {
    return keys.begin(token, key, fingerprint, nowNs);
  }
}
