package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Browser;
import parley.load.browser.Client;
import parley.load.impair.Impairment;
import parley.load.impair.ImpairmentProxy;
import parley.relay.quality.EModel;

/**
 * Chromium and Firefox talk over networks as bad as five points of {@code ./parley bench sweep},
 * each way of each; what was made up is what the browsers themselves say of their jitter buffers.
 */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class BadNetworkTest {

  /** Samples that each figure is about: ten seconds. */
  private static final long WINDOW = 10 * 48_000L;

  /**
   * Until jitter buffers have got used to it, and reports of the loss have come, which browsers
   * send every five seconds: eight.
   */
  private static final long SETTLE = 8 * 48_000L;

  /**
   * One network.
   *
   * @param rebind whether both clients get another address in the middle
   * @param leastHeard share of samples that have to be heard: well below what a quiet machine
   *     shows, for a busy one adds gaps of its own
   */
  private record Weather(String name, Impairment impairment, boolean rebind, double leastHeard) {}

  private static final List<Weather> WEATHERS =
      List.of(
          new Weather("5 % loss", Impairment.NONE.withLoss(0.05), false, 0.92),
          new Weather("10 % loss", Impairment.NONE.withLoss(0.1), false, 0.85),
          new Weather("10 % in bursts", Impairment.NONE.withBurstyLoss(0.1, 4), false, 0.8),
          new Weather(
              "100 ms jitter",
              Impairment.NONE.withDelay(Duration.ZERO, Duration.ofMillis(100)),
              false,
              0.85),
          new Weather("rebinding", Impairment.NONE, true, 0.9));

  /** A browser's own counts, all of them growing. */
  private record Counts(long samples, long concealed, double bufferSeconds, long emitted) {
    static Counts of(JsonNode stats) {
      return new Counts(
          stats.path("samples").asLong(),
          stats.path("concealed").asLong(),
          stats.path("delay").asDouble(),
          stats.path("emitted").asLong());
    }
  }

  private static final String STATS =
      """
      (async () => {
        const sum = {samples: 0, concealed: 0, delay: 0, emitted: 0};
        for (const connection of parleyEars.connections) {
          if (connection.connectionState !== 'connected') continue;
          for (const stats of (await connection.getStats()).values()) {
            if (stats.type !== 'inbound-rtp' || !stats.packetsReceived) continue;
            sum.samples += stats.totalSamplesReceived;
            sum.concealed += stats.concealedSamples;
            sum.delay += stats.jitterBufferDelay;
            sum.emitted += stats.jitterBufferEmittedCount;
          }
        }
        return sum;
      })()
      """;

  private final List<ImpairmentProxy> proxies = new ArrayList<>();

  @AfterEach
  void close() {
    proxies.forEach(ImpairmentProxy::close);
  }

  @Test
  void theTwoHearEachOtherOverBadNetworks(Browsers browsers) {
    try (World world = new World()) {
      Client alice = signIn(world, Person.ALICE, browsers.chromium());
      Client bob = signIn(world, Person.BOB, browsers.firefox());
      world.call(alice, world.jid(Person.BOB));
      alice.received("server.call.answer", World.PATIENCE, any -> true);
      world.call(bob, world.jid(Person.ALICE));
      world.awaitActive(alice, bob);
      world.assertEachHearsTheOthers(alice, bob);
      for (Weather weather : WEATHERS) {
        proxies.forEach(proxy -> proxy.impair(weather.impairment()));
        await(alice, SETTLE);
        Counts aliceBefore = counts(alice);
        Counts bobBefore = counts(bob);
        if (weather.rebind()) {
          await(alice, WINDOW / 2);
          proxies.forEach(ImpairmentProxy::rebind);
        }
        check(weather, alice, aliceBefore);
        check(weather, bob, bobBefore);
      }
    }
  }

  private Client signIn(World world, Person person, Browser browser) {
    Map<Integer, Integer> detours = new HashMap<>();
    for (int port : world.parley().mediaPorts()) {
      ImpairmentProxy proxy =
          new ImpairmentProxy(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 7 + proxies.size());
      proxies.add(proxy);
      detours.put(port, proxy.port());
    }
    return world.signIn(person, browser, detours);
  }

  /** Waits until the window is over, and looks. */
  private static void check(Weather weather, Client client, Counts before) {
    Counts after = counts(client);
    if (after.samples() >= before.samples()) {
      await(client, before.samples() + WINDOW - after.samples());
    } else { // it has connected anew, and counts from nothing
      before = new Counts(0, 0, 0, 0);
      await(client, WINDOW);
    }
    assertHeard(weather, client, before, counts(client));
  }

  private static void assertHeard(Weather weather, Client client, Counts before, Counts after) {
    if (after.samples() < before.samples()) {
      before = new Counts(0, 0, 0, 0);
    }
    double samples = after.samples() - before.samples();
    double concealed = (after.concealed() - before.concealed()) / samples;
    double bufferMs =
        1000
            * (after.bufferSeconds() - before.bufferSeconds())
            / Math.max(1, after.emitted() - before.emitted());
    String line =
        String.format(
            Locale.ROOT,
            "%-15s %-8s heard %6.2f %%  made up %5.2f %%  buffer %4.0f ms  MOS %.2f",
            weather.name(),
            client.name(),
            100 - 100 * concealed,
            100 * concealed,
            bufferMs,
            EModel.mos(0, bufferMs / 2, 100 * concealed));
    System.out.println(line);
    assertThat(1 - concealed).as(line).isGreaterThan(weather.leastHeard());
  }

  /** A client that connects anew counts from nothing, so what counts is what is added. */
  private static void await(Client client, long samples) {
    long[] lastAndPlayed = {counts(client).samples(), 0};
    Eventually.until(
        client + " to play " + samples + " samples",
        Duration.ofSeconds(60),
        () -> {
          long now = counts(client).samples();
          lastAndPlayed[1] += Math.max(0, now - lastAndPlayed[0]);
          lastAndPlayed[0] = now;
          return lastAndPlayed[1] >= samples;
        });
  }

  private static Counts counts(Client client) {
    return Counts.of(client.evaluate(STATS));
  }
}
