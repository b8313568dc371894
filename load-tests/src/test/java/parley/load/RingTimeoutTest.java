package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Client;
import parley.load.server.WireClient;

/** Nobody answers. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class RingTimeoutTest {

  @Test
  void aCallThatNobodyAnswersStopsRingingOnEveryDevice(Browsers browsers) {
    try (World world = new World(Map.of("PARLEY_CALLS_BUZZ_TIMEOUT_S", "3"), List.of());
        WireClient bobsPhone = world.wire(Person.BOB)) {
      Client alice = world.signIn(Person.ALICE, browsers.chromium());
      Client bob = world.signIn(Person.BOB, browsers.firefox());
      world.call(alice, world.jid(Person.BOB));
      JsonNode buzz = bob.received("server.call.buzz", World.PATIENCE, any -> true).params();
      assertThat(buzz.path("buzz_timeout").asInt()).isEqualTo(3);
      String uid = buzz.path("uid").asText();
      bobsPhone.await("server.call.buzz", b -> b.path("uid").asText().equals(uid));

      bob.received(
          "server.call.buzzcancel", World.PATIENCE, b -> b.path("uid").asText().equals(uid));
      bobsPhone.await("server.call.buzzcancel", b -> b.path("uid").asText().equals(uid));
      alice.received("server.call.state", World.PATIENCE, s -> s.has("finish") && !s.has("start"));
      world.awaitIdle(alice, bob);
      assertThat(bob.evaluate("parley.rings.size").asInt()).isZero();
    }
  }
}
