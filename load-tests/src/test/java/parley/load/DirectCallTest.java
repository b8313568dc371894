package parley.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import parley.load.browser.Client;
import parley.load.browser.Client.Frame;

/** Chromium calls Firefox: what they hear, and what the protocol says to each of them. */
@Tag("browser")
@ExtendWith(Browsers.Resolver.class)
class DirectCallTest {

  private World world;
  private Client alice;
  private Client bob;
  private String aliceJid;
  private String bobJid;

  @BeforeEach
  void signIn(Browsers browsers) {
    world = new World();
    alice = world.signIn(Person.ALICE, browsers.chromium());
    bob = world.signIn(Person.BOB, browsers.firefox());
    aliceJid = world.jid(Person.ALICE);
    bobJid = world.jid(Person.BOB);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void theTwoHearEachOtherFromTheAnswerToTheEnd() {
    world.call(alice, bobJid);
    JsonNode answer = alice.received("server.call.answer", World.PATIENCE, any -> true).params();
    assertThat(answer.path("jid").asText()).isEqualTo(bobJid);
    assertThat(answer.at("/jsep/type").asText()).isEqualTo("answer");
    String uid = answer.path("uid").asText();
    assertThat(uid).isNotEmpty();

    JsonNode buzz = bob.received("server.call.buzz", World.PATIENCE, any -> true).params();
    assertThat(buzz.path("uid").asText()).isEqualTo(uid);
    assertThat(buzz.path("jid").asText()).isEqualTo(aliceJid);
    assertThat(buzz.at("/actor/jid").asText()).isEqualTo(aliceJid);
    assertThat(buzz.path("buzz_timeout").asInt()).isPositive();
    assertThat(buzz.path("team").asText()).isEqualTo(World.TEAM);
    assertThat(buzz.at("/teaminfo/uid").asText()).isEqualTo(World.TEAM);
    assertThat(buzz.path("display_name").asText()).isNotEmpty();
    JsonNode ringing =
        alice
            .received("server.call.state", World.PATIENCE, s -> s.path("buzz").asBoolean())
            .params();
    assertThat(ringing.has("start")).isFalse();
    assertThat(ringing.path("uid").asText()).isEqualTo(uid);
    world.awaitPage(bob, "rung", "document.querySelector('.answer-accept') !== null");
    World.screenshot(bob, "ringing");
    World.screenshot(alice, "calling");

    world.call(bob, aliceJid);
    world.awaitActive(alice, bob);
    assertThat(bob.received("server.call.answer", World.PATIENCE, any -> true).params().path("uid"))
        .hasToString("\"" + uid + "\"");
    for (Client client : List.of(alice, bob)) {
      JsonNode running =
          client
              .received(
                  "server.call.state",
                  World.PATIENCE,
                  s -> s.has("start") && s.path("onliners").size() == 2)
              .params();
      assertThat(running.path("jid").asText()).isEqualTo(client == alice ? bobJid : aliceJid);
      assertThat(running.path("buzz").asBoolean()).isFalse();
      assertThat(running.findValuesAsText("jid")).contains(aliceJid, bobJid);
    }

    world.assertEachHearsTheOthers(alice, bob);
    for (Person person : List.of(Person.ALICE, Person.BOB)) {
      Client speaker = person == Person.ALICE ? alice : bob;
      speaker.evaluate("parleyTone.steady(false)");
      world.awaitTalking(person, false, alice, bob);
      speaker.evaluate("parleyTone.steady(true)");
      world.awaitTalking(person, true, alice, bob);
    }
    World.screenshot(alice, "direct-call");

    world.leave(alice);
    world.awaitIdle(alice, bob);
    alice.received("server.call.leave", World.PATIENCE, l -> l.path("uid").asText().equals(uid));
    bob.received("server.call.leave", World.PATIENCE, l -> l.path("uid").asText().equals(uid));
    for (Client client : List.of(alice, bob)) {
      client.received("server.call.state", World.PATIENCE, s -> s.has("finish"));
      assertNothingWasWrong(client);
      assertGentimeRises(client);
    }
  }

  @Test
  void aRejectedCallEnds() {
    world.call(alice, bobJid);
    bob.received("server.call.buzz", World.PATIENCE, any -> true);
    bob.evaluate("parley.reject('" + aliceJid + "', 'in a meeting').then(() => true)");
    JsonNode reject = alice.received("server.call.reject", World.PATIENCE, any -> true).params();
    assertThat(reject.path("reason").asText()).isEqualTo("in a meeting");
    assertThat(reject.path("jid").asText()).isEqualTo(bobJid);
    alice.received("server.call.state", World.PATIENCE, s -> s.has("finish") && !s.has("start"));
    world.awaitIdle(alice, bob);
    assertThat(bob.evaluate("parley.rings.size").asInt()).isZero();
    assertNothingWasWrong(alice);
    assertNothingWasWrong(bob);
  }

  @Test
  void aCallThatTheCallerCancelsStopsRinging() {
    world.call(alice, bobJid);
    String uid =
        bob.received("server.call.buzz", World.PATIENCE, any -> true).params().path("uid").asText();
    alice.evaluate("Promise.resolve(parley.cancel()).then(() => true)");
    JsonNode cancel = bob.received("server.call.buzzcancel", World.PATIENCE, any -> true).params();
    assertThat(cancel.path("uid").asText()).isEqualTo(uid);
    assertThat(cancel.path("jid").asText()).isEqualTo(aliceJid);
    assertThat(cancel.path("team").asText()).isEqualTo(World.TEAM);
    alice.received("server.call.state", World.PATIENCE, s -> s.has("finish"));
    world.awaitIdle(alice, bob);
    assertThat(bob.evaluate("parley.rings.size").asInt()).isZero();
  }

  @Test
  void bothCallingEachOtherAtOnceMeetInOneCall() {
    // Both microphones are open before either offer leaves, so that the offers cross.
    List<Thread> calls = new ArrayList<>();
    for (Client client : List.of(alice, bob)) {
      String to = client == alice ? bobJid : aliceJid;
      calls.add(Thread.ofVirtual().start(() -> world.call(client, to)));
    }
    calls.forEach(DirectCallTest::join);
    world.awaitActive(alice, bob);
    String uid = alice.evaluate("parley.currentCall.uid").asText();
    assertThat(bob.evaluate("parley.currentCall.uid").asText()).isEqualTo(uid).isNotEmpty();
    world.assertEachHearsTheOthers(alice, bob);
    for (Client client : List.of(alice, bob)) {
      assertThat(
              client.frames().stream()
                  .filter(f -> !f.sent() && f.event().equals("server.call.state"))
                  .map(f -> f.params().path("uid").asText())
                  .distinct())
          .containsExactly(uid);
    }
    world.leave(bob);
    world.awaitIdle(alice, bob);
    assertThat(alice.evaluate("parley.rings.size").asInt()).isZero();
    assertThat(bob.evaluate("parley.rings.size").asInt()).isZero();
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void assertNothingWasWrong(Client client) {
    List<Frame> frames = client.frames();
    assertThat(frames.stream().filter(f -> f.event().equals("server.warning")))
        .as("warnings to %s", client)
        .isEmpty();
    assertThat(client.browser().console().stream().filter(l -> l.startsWith("threw")))
        .as("errors in %s's page", client)
        .isEmpty();
  }

  private static void assertGentimeRises(Client client) {
    List<Long> times =
        client.frames().stream()
            .filter(f -> !f.sent() && f.event().equals("server.call.state"))
            .map(f -> f.params().path("gentime").asLong())
            .toList();
    assertThat(times).isSorted().doesNotHaveDuplicates().doesNotContain(0L);
  }
}
