package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Client;
import parley.load.impair.Direction;
import parley.load.impair.Impairment;
import parley.load.impair.ImpairmentProxy;

/**
 * A browser that is told when its packets came notices that they queue up on the way, and speaks
 * with fewer bits. One that is not told does not notice.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class AdaptingTest {

  /** What Chromium's encoder aims at when the way is good; its least is 6 kbit/s. */
  private static final int USUAL_BITS = 32_000;

  private static final int FEW_BITS = 20_000;

  /** What it believes of a way that it knows nothing of. */
  private static final int FIRST_ESTIMATE_BITS = 300_000;

  /** A queue that grows by 400 ms a second: somebody sends more than half as much again as fits. */
  private static final double GROWTH = 0.4;

  /** A router's queue is full then, and begins anew; WebRTC has other rules for 3 s and more. */
  private static final long FULL_MS = 2_000;

  /** Has Chromium change the rate of a call of audio alone; without that it only estimates. */
  private static final String ALLOW_RATES =
      """
      (async () => {
        for (const connection of parleyEars.connections) {
          for (const sender of connection.getSenders().filter((s) => s.track)) {
            const parameters = sender.getParameters();
            for (const encoding of parameters.encodings) encoding.adaptivePtime = true;
            await sender.setParameters(parameters);
          }
        }
        return true;
      })()
      """;

  /** Has the page agree to no transport-wide feedback, whatever the relay's answer says. */
  private static final String WITHOUT_FEEDBACK =
      """
      (() => {
        const prototype = RTCPeerConnection.prototype;
        const setRemote = prototype.setRemoteDescription;
        prototype.setRemoteDescription = function ({type, sdp}) {
          const lines = sdp.split('\\r\\n').filter((line) => !/transport-(cc|wide-cc)/.test(line));
          return setRemote.call(this, {type, sdp: lines.join('\\r\\n')});
        };
        return true;
      })()
      """;

  private static final String RATES =
      """
      (async () => {
        const rates = {feedback: false, target: 0, estimate: 0};
        for (const connection of parleyEars.connections) {
          if (connection.connectionState !== 'connected') continue;
          rates.feedback = connection.currentRemoteDescription.sdp.includes('transport-cc');
          for (const stats of (await connection.getStats()).values()) {
            if (stats.type === 'outbound-rtp') rates.target = stats.targetBitrate ?? 0;
            if (stats.type === 'candidate-pair' && stats.nominated) {
              rates.estimate = stats.availableOutgoingBitrate ?? 0;
            }
          }
        }
        return rates;
      })()
      """;

  private final List<ImpairmentProxy> proxies = new ArrayList<>();

  @AfterEach
  void close() {
    proxies.forEach(ImpairmentProxy::close);
  }

  @Test
  void onlyWhoIsToldSpeaksWithFewerBitsWhenPacketsQueueUp(Browsers browsers) {
    try (World world = new World()) {
      Client alice = world.signIn(Person.ALICE, browsers.chromium(), world.detours(proxies));
      Client bob = world.signIn(Person.BOB, browsers.secondChromium(), world.detours(proxies));
      bob.evaluate(WITHOUT_FEEDBACK);
      world.call(alice, world.jid(Person.BOB));
      alice.received("server.call.answer", World.PATIENCE, any -> true);
      world.call(bob, world.jid(Person.ALICE));
      world.awaitActive(alice, bob);
      for (Client client : List.of(alice, bob)) {
        client.evaluate(ALLOW_RATES);
        Eventually.until(
            client + " to speak at the usual rate",
            World.PATIENCE,
            () -> target(client) == USUAL_BITS,
            () -> world.describe(client));
      }
      assertThat(rates(alice).path("feedback").asBoolean()).isTrue();
      assertThat(rates(bob).path("feedback").asBoolean()).isFalse();

      long beganNs = System.nanoTime();
      Eventually.until(
          "Alice to speak with fewer bits",
          World.PATIENCE,
          () -> {
            queueUp((System.nanoTime() - beganNs) / 1_000_000);
            return target(alice) <= FEW_BITS;
          },
          () -> rates(alice) + "\n" + world.describe(alice));

      assertThat(target(bob)).isEqualTo(USUAL_BITS);
      assertThat(rates(bob).path("estimate").asInt()).isGreaterThanOrEqualTo(FIRST_ESTIMATE_BITS);
    }
  }

  /** From both of them to the relay. */
  private void queueUp(long sinceMs) {
    Duration delay = Duration.ofMillis((long) (GROWTH * sinceMs) % FULL_MS);
    Impairment impairment = Impairment.NONE.withDelay(delay, Duration.ZERO);
    proxies.forEach(proxy -> proxy.impair(Direction.TO_RELAY, impairment));
  }

  private static int target(Client client) {
    return rates(client).path("target").asInt();
  }

  private static JsonNode rates(Client client) {
    return client.evaluate(RATES);
  }
}
