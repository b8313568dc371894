package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.net.RunningRelay.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.relay.LegOutcome;
import parley.relay.api.CallId;
import parley.relay.api.RelayEvent;
import parley.relay.client.MediaClient;

/** Consent freshness (RFC 7675), with its 30 seconds made one. */
class ConsentTest {

  @TempDir Path recordings;
  private RunningRelay running;

  @BeforeEach
  void start() {
    running =
        new RunningRelay(
            RunningRelay.config(recordings, "127.0.0.1", 0, Duration.ofSeconds(1)),
            UdpTransport.best());
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void aClientThatIsNotHeardOfIsGoneAndTheOthersStay() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    MediaClient carol = running.join(call, "carol", 1);
    bob.speak(true);
    alice.close();

    await("gone", () -> running.count(RelayEvent.Gone.class, call, "alice") == 1);

    assertThat(running.last(RelayEvent.Gone.class, call, "alice").reason())
        .contains("has not been heard of for 1 s");
    assertThat(running.relay.metrics().legs(LegOutcome.CONSENT_LAPSED)).isEqualTo(1);
    carol.forget();
    await("bob heard on", () -> carol.heardFrom("bob") >= 10);
  }

  @Test
  void aClientThatChecksNoMoreStaysWhileItsMediaComes() {
    CallId call = running.open(false);
    MediaClient alice = running.join(call, "alice", 1);
    MediaClient bob = running.join(call, "bob", 1);
    alice.speak(true);
    alice.check(false);
    bob.forget();

    // At 50 packets a second: three times as long as consent lasts.
    await("alice heard on", () -> bob.heardFrom("alice") >= 150);
    assertThat(running.count(RelayEvent.Gone.class, call, "alice")).isZero();

    alice.close();
    await("gone", () -> running.count(RelayEvent.Gone.class, call, "alice") == 1);
  }

  @Test
  void anOfferThatIsNeverFollowedUpIsGivenUp() {
    CallId call = running.open(false);
    running.answer(call, "alice", running.client("alice").offer(1));

    await("gone", () -> running.count(RelayEvent.Gone.class, call, "alice") == 1);

    assertThat(running.last(RelayEvent.Gone.class, call, "alice").reason()).contains("UDP");
    assertThat(running.relay.metrics().legs(LegOutcome.NEVER_CHECKED)).isEqualTo(1);
  }
}
