package parley.signalling.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Three nodes that are one server. */
class ClusterTest {

  private static final Duration MOMENT = Duration.ofMillis(500);

  private static final Duration LEASE_LESS = Fleet.LEASE.dividedBy(2);

  private final Fleet fleet = new Fleet("n1", "n2", "n3");
  private final Fleet.Client alice = fleet.node("n1").signIn("Alice");
  private final Fleet.Client bob = fleet.node("n2").signIn("Bob");
  private final Fleet.Client carol = fleet.node("n3").signIn("Carol");

  private String uidOf(JsonNode event) {
    return event.at("/params/uid").textValue();
  }

  private Fleet.Node owner() {
    assertThat(fleet.owners()).hasSize(1);
    return fleet.owners().getFirst();
  }

  private void meet() {
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      each.offers(Fleet.MEETING);
    }
    fleet.pass(MOMENT);
    assertThat(owner().media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(3));
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      assertThat(each.hears("server.call.answer")).as("%s", each.jid).hasSize(1);
    }
  }

  @Test
  void showsEveryoneWhoIsConnectedAnywhere() {
    fleet.pass(MOMENT);
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      JsonNode online = each.hearsLast("server.online");
      assertThat(online.at("/params/contacts")).hasSize(3);
    }
    bob.closes();
    fleet.pass(MOMENT);
    assertThat(alice.hearsLast("server.online").at("/params/contacts")).hasSize(2);
  }

  @Test
  void carriesOneCallForPeopleOfAllNodes() {
    meet();
    carol.says("leave", Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(carol.hears()).contains("server.call.leave");
    assertThat(alice.hears()).contains("server.call.leave", "server.call.state");
    bob.says("leave", Fleet.MEETING);
    alice.says("leave", Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(fleet.owners()).isEmpty();
    assertThat(carol.hearsLast("server.call.state").at("/params/finish").isMissingNode()).isFalse();
    assertThat(carol.hears("server.online")).isEmpty();
    fleet.pass(MOMENT);
    carol.offers(Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(fleet.owners()).hasSize(1);
  }

  @Test
  void ringsOnAnotherNodeAndIsAccepted() {
    alice.offers(bob.jid);
    fleet.pass(MOMENT);
    JsonNode buzz = bob.hearsLast("server.call.buzz");
    assertThat(buzz.at("/params/jid").textValue()).isEqualTo(alice.jid.toString());
    assertThat(buzz.get("confirm_id").textValue()).isNotEmpty();
    assertThat(carol.hears()).doesNotContain("server.call.state");
    bob.offers(alice.jid);
    fleet.pass(MOMENT);
    assertThat(bob.hears()).contains("server.call.answer", "server.call.state");
    assertThat(uidOf(alice.hears("server.call.state").getLast())).isEqualTo(uidOf(buzz));
    bob.says("leave", alice.jid);
    fleet.pass(MOMENT);
    assertThat(alice.hears()).contains("server.call.leave", "server.call.state");
    assertThat(fleet.owners()).isEmpty();
  }

  @Test
  void repeatsWhatMustArriveFromTheNodeThatHoldsTheSocket() {
    alice.offers(bob.jid);
    fleet.pass(Duration.ofSeconds(11));
    List<JsonNode> buzzes = bob.hears("server.call.buzz");
    assertThat(buzzes).hasSize(3);
    assertThat(buzzes).allSatisfy(buzz -> assertThat(buzz).isEqualTo(buzzes.getFirst()));
  }

  @Test
  void makesOneCallOfTwoThatBeginAtTheSameTime() {
    alice.says("offer", Fleet.MEETING);
    bob.says("offer", Fleet.MEETING);
    carol.says("offer", Fleet.MEETING);
    fleet.settle();
    fleet.pass(Duration.ofSeconds(2));
    assertThat(owner().media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(3));
  }

  @Test
  void goesOnElsewhereWhenItsOwnerDies() {
    meet();
    Fleet.Node dead = owner();
    String uid = dead.media.keySet().iterator().next().value();
    dead.kill();
    fleet.pass(Fleet.LEASE.plusMillis(500));
    List<Fleet.Client> left =
        List.of(alice, bob, carol).stream().filter(each -> each.node.alive).toList();
    assertThat(left).hasSize(2);
    for (Fleet.Client each : left) {
      assertThat(each.hears("server.call.restart"))
          .singleElement()
          .satisfies(restart -> assertThat(uidOf(restart)).isEqualTo(uid));
      each.offers(Fleet.MEETING);
      assertThat(each.hears("server.call.answer"))
          .singleElement()
          .satisfies(answer -> assertThat(uidOf(answer)).isEqualTo(uid));
    }
    assertThat(owner().media.keySet()).extracting(Object::toString).containsExactly(uid);
    assertThat(owner().told)
        .filteredOn(event -> event instanceof CallEvent.Moved)
        .singleElement(InstanceOfAssertFactories.type(CallEvent.Moved.class))
        .satisfies(moved -> assertThat(moved.here()).isTrue())
        .satisfies(moved -> assertThat(moved.records()).as("as before").isTrue());

    String lost = dead == alice.node ? "Alice" : dead == bob.node ? "Bob" : "Carol";
    Fleet.Client again = left.getFirst().node.signIn(lost);
    JsonNode state = again.hearsLast("server.call.state");
    assertThat(state.at("/params/onliners")).hasSize(3);
    again.offers(Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(again.hears("server.call.answer")).hasSize(1);
    assertThat(owner().media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(3));
  }

  @Test
  void goesOnElsewhereAlsoWhenTheBusWasAwayForAMomentBefore() {
    meet();
    fleet.nodes.values().forEach(node -> node.connected(false));
    fleet.pass(LEASE_LESS); // a sign of life is not given, but no lease runs out
    fleet.nodes.values().forEach(node -> node.connected(true));
    fleet.pass(Fleet.LEASE.plusSeconds(1));
    Fleet.Node dead = owner();
    dead.kill();
    fleet.pass(Fleet.LEASE.plusSeconds(1));
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      if (each.node.alive) {
        assertThat(each.hears()).contains("server.call.restart");
      }
    }
  }

  @Test
  void forgetsWhoDoesNotComeBackAfterItsOwnerDied() {
    meet();
    Fleet.Node dead = owner();
    dead.kill();
    fleet.pass(Duration.ofMinutes(2));
    assertThat(fleet.owners()).isEmpty();
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      if (each.node.alive) {
        JsonNode last = each.hearsLast("server.call.state");
        assertThat(last.at("/params/finish").isMissingNode()).isFalse();
      }
    }
  }

  @Test
  void losesNothingThatWasSaidToAnOwnerWhoDied() {
    meet();
    Fleet.Node dead = owner();
    Fleet.Client leaver =
        List.of(alice, bob, carol).stream().filter(each -> each.node != dead).findFirst().get();
    dead.kill();
    leaver.says("leave", Fleet.MEETING);
    fleet.pass(Fleet.LEASE.plusSeconds(2));
    JsonNode state =
        List.of(alice, bob, carol).stream()
            .filter(each -> each.node != dead && each != leaver)
            .findFirst()
            .get()
            .hearsLast("server.call.state");
    assertThat(state.at("/params/onliners").toString()).doesNotContain(leaver.jid.toString());
  }

  @Test
  void keepsACallWhenANodeThatOnlyHoldsSocketsDies() {
    meet();
    Fleet.Node owner = owner();
    Fleet.Client lost =
        List.of(alice, bob, carol).stream().filter(each -> each.node != owner).findFirst().get();
    String name = lost == alice ? "Alice" : lost == bob ? "Bob" : "Carol";
    lost.node.kill();
    Fleet.Client again = owner.signIn(name);
    assertThat(again.hears("server.call.state")).isNotEmpty();
    again.offers(Fleet.MEETING);
    assertThat(again.hears("server.call.answer")).hasSize(1);
    fleet.pass(Fleet.LEASE.plusSeconds(40));
    assertThat(owner()).isSameAs(owner);
    assertThat(owner.media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(3));
  }

  @Test
  void runsOnWithoutTheBusAndHasOneOwnerAfterwards() {
    meet();
    Fleet.Node owner = owner();
    String uid = owner.media.keySet().iterator().next().value();
    fleet.nodes.values().forEach(node -> node.connected(false));
    fleet.pass(Duration.ofSeconds(60));
    assertThat(owner()).isSameAs(owner);
    fleet.nodes.values().forEach(node -> node.connected(true));
    fleet.pass(Duration.ofSeconds(20));
    assertThat(owner()).isSameAs(owner);
    assertThat(owner.media.keySet()).extracting(Object::toString).containsExactly(uid);
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      assertThat(each.hears()).doesNotContain("server.call.restart", "server.call.leave");
    }
    Fleet.Client far =
        List.of(alice, bob, carol).stream().filter(each -> each.node != owner).findFirst().get();
    far.says("leave", Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(far.hears()).contains("server.call.leave");
  }

  @Test
  void deliversAfterAnOutageWhatWasSaidInIt() {
    meet();
    Fleet.Node owner = owner();
    Fleet.Client far =
        List.of(alice, bob, carol).stream().filter(each -> each.node != owner).findFirst().get();
    fleet.nodes.values().forEach(node -> node.connected(false));
    far.says("leave", Fleet.MEETING);
    fleet.pass(Duration.ofSeconds(10));
    assertThat(far.hears()).doesNotContain("server.call.leave");
    fleet.nodes.values().forEach(node -> node.connected(true));
    fleet.pass(Duration.ofSeconds(2));
    assertThat(far.hears()).contains("server.call.leave");
  }

  @Test
  void servesNewCallsWhereItCanWithoutTheBus() {
    Fleet.Client dave = fleet.node("n1").signIn("Dave");
    fleet.nodes.values().forEach(node -> node.connected(false));
    alice.offers(dave.jid);
    assertThat(dave.hears()).contains("server.call.buzz");
    dave.offers(alice.jid);
    assertThat(dave.hears()).contains("server.call.answer");
    fleet.nodes.values().forEach(node -> node.connected(true));
    fleet.pass(Duration.ofSeconds(10));
    assertThat(owner()).isSameAs(fleet.node("n1"));
    assertThat(alice.hears()).doesNotContain("server.call.restart");
  }

  @Test
  void leavesOneOfTwoCallsThatBeganApart() {
    fleet.nodes.values().forEach(node -> node.connected(false));
    alice.offers(Fleet.MEETING);
    bob.offers(Fleet.MEETING);
    assertThat(fleet.owners()).hasSize(2);
    fleet.nodes.values().forEach(node -> node.connected(true));
    fleet.pass(Duration.ofSeconds(10));
    assertThat(fleet.owners()).hasSize(1);
    Fleet.Client loser = owner() == alice.node ? bob : alice;
    assertThat(loser.hears()).contains("server.call.leave");
    loser.offers(Fleet.MEETING);
    assertThat(owner().media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(2));
  }

  @Test
  void standsDownWhenItWasCutOffAndComesBack() {
    meet();
    Fleet.Node cut = owner();
    String uid = cut.media.keySet().iterator().next().value();
    cut.connected(false);
    fleet.pass(Fleet.LEASE.plusSeconds(1));
    List<Fleet.Client> others =
        List.of(alice, bob, carol).stream().filter(each -> each.node != cut).toList();
    for (Fleet.Client each : others) {
      assertThat(each.hears()).contains("server.call.restart");
      each.offers(Fleet.MEETING);
      assertThat(each.hears()).contains("server.call.answer");
    }
    assertThat(fleet.owners()).as("it cannot know").hasSize(2);
    cut.connected(true);
    fleet.pass(Duration.ofSeconds(3));
    assertThat(owner()).isNotSameAs(cut);
    Fleet.Client back =
        List.of(alice, bob, carol).stream().filter(each -> each.node == cut).findFirst().get();
    assertThat(back.hears("server.call.restart"))
        .isNotEmpty()
        .allSatisfy(restart -> assertThat(uidOf(restart)).isEqualTo(uid));
    back.offers(Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(owner().media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(3));
    assertThat(owner().media.keySet()).extracting(Object::toString).containsExactly(uid);
  }

  @Test
  void claimsItsCallsAgainWhenTheStoreHasForgotten() {
    meet();
    Fleet.Node owner = owner();
    fleet.hub.forget();
    fleet.pass(Duration.ofSeconds(5));
    assertThat(owner()).isSameAs(owner);
    owner.kill();
    fleet.pass(Fleet.LEASE.plusSeconds(2));
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      if (each.node.alive) {
        assertThat(each.hears()).contains("server.call.restart");
      }
    }
  }

  @Test
  void handsItsCallsOverBeforeItEnds() {
    meet();
    Fleet.Node leaving = owner();
    var done = leaving.drain();
    fleet.pass(MOMENT);
    assertThat(leaving.media).as("until everyone has moved, it is heard here").isNotEmpty();
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      assertThat(each.hears("server.call.restart")).hasSize(1);
      each.offers(Fleet.MEETING);
      assertThat(each.hears("server.call.answer")).hasSize(1);
    }
    assertThat(done).isNotDone();
    fleet.pass(Duration.ofSeconds(10));
    assertThat(done).isCompleted();
    assertThat(owner()).isNotSameAs(leaving);
    assertThat(owner().media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(3));

    leaving.stop();
    fleet.pass(Duration.ofSeconds(1));
    Fleet.Client dave = owner().signIn("Dave");
    dave.offers(alice.jid);
    fleet.pass(MOMENT);
    assertThat(dave.hears()).contains("server.call.answer");
  }

  @Test
  void givesNoCallToANodeThatDrains() {
    fleet.node("n1").drain();
    fleet.pass(Duration.ofSeconds(2));
    alice.offers(Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(owner()).isNotSameAs(fleet.node("n1"));
    assertThat(alice.hears()).contains("server.call.answer");
  }

  @Test
  void freesAtOnceWhatANodeLeavesThatEndsInOrder() {
    meet();
    owner().stop();
    fleet.pass(MOMENT);
    for (Fleet.Client each : List.of(alice, bob, carol)) {
      if (each.node.alive) {
        assertThat(each.hears()).contains("server.call.restart");
      }
    }
  }

  @Test
  void takesPlacesThatADeadClusterLeftInTheStore() {
    meet();
    fleet.nodes.values().forEach(Fleet.Node::kill);
    Fleet.Client late = fleet.start("n4").signIn("Alice");
    late.offers(Fleet.MEETING);
    fleet.pass(Duration.ofSeconds(8));
    assertThat(late.hears()).contains("server.call.answer");
  }

  @Test
  void runsACallOfNodesWithoutRelayOnOneThatHasIt() {
    var split = new Fleet();
    Fleet.Client first = split.startWithoutRelay("s1").signIn("Alice");
    Fleet.Client second = split.startWithoutRelay("s2").signIn("Bob");
    split.pass(Duration.ofSeconds(4));

    first.offers(Fleet.MEETING);
    split.pass(MOMENT);
    assertThat(split.owners()).isEmpty();
    assertThat(first.hearsLast("server.warning").at("/params/message").textValue())
        .isEqualTo("no node that could carry the call is there, try again later");

    Fleet.Node relay = split.start("r1");
    split.pass(Duration.ofSeconds(4));
    first.offers(Fleet.MEETING);
    second.offers(Fleet.MEETING);
    split.pass(MOMENT);
    assertThat(split.owners()).containsExactly(relay);
    assertThat(relay.media.values()).singleElement().satisfies(m -> assertThat(m).hasSize(2));
    assertThat(first.hears()).contains("server.call.answer");
    assertThat(second.hears()).contains("server.call.answer");

    Fleet.Node other = split.start("r2");
    split.pass(Duration.ofSeconds(4));
    relay.kill();
    split.pass(Fleet.LEASE.plusSeconds(2));
    for (Fleet.Client each : List.of(first, second)) {
      assertThat(each.hears()).contains("server.call.restart");
      each.offers(Fleet.MEETING);
    }
    split.pass(MOMENT);
    assertThat(split.owners()).containsExactly(other);

    other.kill();
    split.pass(Fleet.LEASE.plusSeconds(20));
    first.hears();
    first.offers(Fleet.MEETING);
    split.pass(Duration.ofSeconds(30));
    assertThat(first.hears()).contains("server.warning");
    assertThat(split.owners()).isEmpty();
  }

  @Test
  void refusesWithoutTheBusWhatItCannotCarry() {
    var split = new Fleet();
    Fleet.Node sockets = split.startWithoutRelay("s1");
    split.start("r1");
    Fleet.Client client = sockets.signIn("Alice");
    split.pass(Duration.ofSeconds(4));
    sockets.connected(false);
    client.offers(Fleet.MEETING);
    split.pass(Duration.ofSeconds(20));
    assertThat(client.hears()).contains("server.warning");
    assertThat(split.owners()).isEmpty();
  }

  @Test
  void tellsANewNodeWhatThereIs() {
    meet();
    Fleet.Node late = fleet.start("n4");
    fleet.pass(Duration.ofSeconds(3));
    Fleet.Client dave = late.signIn("Dave");
    fleet.pass(MOMENT);
    JsonNode online = dave.hearsLast("server.online");
    assertThat(online.at("/params/contacts")).hasSize(4);
    dave.closes();
    Fleet.Client bobs = late.signIn("Bob", "another device");
    assertThat(bobs.hears()).contains("server.call.state");
    bobs.offers(Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(bobs.hears()).contains("server.call.answer");
    assertThat(owner()).isNotSameAs(late);
  }
}
