package parley.signalling.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.CallInfo;
import parley.relay.api.LegReport;
import parley.relay.api.PeerId;
import parley.relay.api.PeerInfo;
import parley.relay.api.RelayCommand;
import parley.relay.api.RelayEvent;
import parley.relay.api.TrunkLine;
import parley.relay.quality.LegWatch;
import parley.signalling.cluster.NodeId;
import parley.signalling.cluster.NodeMessage;
import parley.signalling.directory.Contact;

/** A call that is larger than what one node carries of a call: two, here. */
class CascadeTest {

  private static final Duration MOMENT = Duration.ofMillis(600);

  private final Fleet fleet = new Fleet(2, "one", "two", "three");
  private final List<Fleet.Client> people = new ArrayList<>();

  @BeforeEach
  void fiveMeet() {
    List<Contact> contacts =
        fleet.team.contacts().stream()
            .filter(each -> fleet.team.place(each.jid(), Fleet.MEETING) != null)
            .toList();
    assertThat(contacts).hasSizeGreaterThanOrEqualTo(5);
    // All sockets are on one node, which therefore owns the call.
    for (int i = 0; i < 5; i++) {
      people.add(fleet.node("one").signIn(contacts.get(i).shortName()));
      people.getLast().offers(Fleet.MEETING);
      fleet.pass(Duration.ofMillis(100));
    }
    fleet.pass(MOMENT);
  }

  private Fleet.Node owner() {
    return fleet.node("one");
  }

  private CallId uid() {
    return owner().media.keySet().iterator().next();
  }

  private static int legs(Fleet.Node node) {
    return node.media.values().stream().mapToInt(Map::size).sum();
  }

  private Fleet.Node nodeOf(Fleet.Client client) {
    return fleet.nodes.values().stream()
        .filter(node -> node.alive)
        .filter(
            node ->
                node.media.values().stream()
                    .anyMatch(media -> media.containsValue(client.jid.toString())))
        .findFirst()
        .orElseThrow();
  }

  private PeerId peerOf(Fleet.Client client) {
    return nodeOf(client).media.values().stream()
        .flatMap(media -> media.entrySet().stream())
        .filter(entry -> entry.getValue().equals(client.jid.toString()))
        .map(entry -> new PeerId(entry.getKey()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itsLegsAreOnAsManyNodesAsItNeeds() {
    assertThat(legs(owner())).isEqualTo(2);
    assertThat(fleet.nodes.values()).extracting(CascadeTest::legs).containsOnlyOnce(1);
    assertThat(fleet.nodes.values().stream().mapToInt(CascadeTest::legs).sum()).isEqualTo(5);
  }

  @Test
  void everybodyGetsTheAnswerOfTheNodeThatHasHisLeg() {
    for (Fleet.Client client : people) {
      JsonNode answer = client.hearsLast("server.call.answer");
      assertThat(answer.toString()).contains("answer of " + nodeOf(client).id);
    }
  }

  @Test
  void eachTwoOfTheNodesHaveALineWithKeysOfItsOwn() {
    for (Fleet.Node one : fleet.nodes.values()) {
      for (Fleet.Node other : fleet.nodes.values()) {
        if (one != other) {
          TrunkLine there = requireNonNull(one.links.get(other.id.value()));
          TrunkLine back = requireNonNull(other.links.get(one.id.value()));
          assertThat(there.sendId()).isEqualTo(back.receiveId());
          assertThat(there.sendKey()).isEqualTo(back.receiveKey());
          assertThat(there.sendKey()).isNotEqualTo(there.receiveKey());
        }
      }
    }
  }

  @Test
  void whoTalksOnAnotherNodeIsSeenByAll() {
    Fleet.Client far = people.getLast();
    people.forEach(Fleet.Client::hears);
    fleet.tells(nodeOf(far), new RelayEvent.Talking(uid(), peerOf(far), true));
    fleet.pass(MOMENT);
    for (Fleet.Client client : people) {
      assertThat(client.hears("server.call.talking").toString()).contains(far.jid.toString());
    }
  }

  @Test
  void whoLeavesIsTakenOffTheNodeThatHasHisLeg() {
    Fleet.Client far = people.getLast();
    Fleet.Node node = nodeOf(far);
    far.says("leave", Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(fleet.isHeard(far.jid)).isFalse();
    assertThat(legs(node)).isZero();
  }

  @Test
  void whoLosesHisMediaOnAnotherNodeIsOut() {
    Fleet.Client far = people.getLast();
    far.hears();
    fleet.tells(nodeOf(far), new RelayEvent.Gone(uid(), peerOf(far), "consent lapsed"));
    fleet.pass(MOMENT);
    assertThat(far.hears()).contains("server.call.leave");
  }

  @Test
  void whenACarrierDiesOnlyItsLegsOfferAgain() {
    Fleet.Client far = people.getLast();
    Fleet.Node dead = nodeOf(far);
    people.forEach(Fleet.Client::hears);
    List<Fleet.Client> there = people.stream().filter(client -> nodeOf(client) == dead).toList();
    dead.kill();
    fleet.pass(Fleet.LEASE.multipliedBy(3));
    for (Fleet.Client client : people) {
      boolean again = client.hears().contains("server.call.restart");
      assertThat(again).as("%s offers again", client.jid).isEqualTo(there.contains(client));
    }
    for (Fleet.Client client : there) {
      client.offers(Fleet.MEETING);
      fleet.pass(MOMENT);
      assertThat(fleet.isHeard(client.jid)).isTrue();
      assertThat(client.hears()).contains("server.call.answer");
    }
    assertThat(owner().links).doesNotContainKey(dead.id.value());
  }

  @Test
  void whenACarrierDrainsItsLegsMoveAndAreHeardMeanwhile() {
    Fleet.Client far = people.getLast();
    Fleet.Node draining = nodeOf(far);
    List<Fleet.Client> there =
        people.stream().filter(client -> nodeOf(client) == draining).toList();
    people.forEach(Fleet.Client::hears);
    var done = draining.drain();
    fleet.pass(MOMENT);
    for (Fleet.Client client : people) {
      boolean again = client.hears().contains("server.call.restart");
      assertThat(again).as("%s offers again", client.jid).isEqualTo(there.contains(client));
    }
    assertThat(legs(draining)).isEqualTo(there.size());
    for (Fleet.Client client : there) {
      client.offers(Fleet.MEETING);
      fleet.pass(MOMENT);
      assertThat(client.hearsLast("server.call.answer").toString())
          .doesNotContain("answer of " + draining.id);
    }
    fleet.pass(Duration.ofSeconds(6));
    assertThat(legs(draining)).isZero();
    assertThat(done).isDone();
  }

  @Test
  void aDeviceIsNotHeardTwiceWhenItHasMoved() {
    Fleet.Client far = people.getLast();
    Fleet.Node draining = nodeOf(far);
    var _ = draining.drain();
    fleet.pass(MOMENT);
    far.offers(Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(timesHeard(far)).as("until the new leg stands").isEqualTo(2);
    Fleet.Node now =
        fleet.nodes.values().stream()
            .filter(node -> node != draining && legOn(node, far) != null)
            .findFirst()
            .orElseThrow();
    var setUp = new RelayEvent.SetUp(1, 2, 3);
    PeerId leg = requireNonNull(legOn(now, far));
    fleet.tells(now, new RelayEvent.Connected(uid(), leg, "sha-256 AB", setUp));
    fleet.pass(MOMENT);
    assertThat(timesHeard(far)).isEqualTo(1);
    assertThat(legOn(draining, far)).isNull();
  }

  private static @Nullable PeerId legOn(Fleet.Node node, Fleet.Client client) {
    return node.media.values().stream()
        .flatMap(media -> media.entrySet().stream())
        .filter(entry -> entry.getValue().equals(client.jid.toString()))
        .map(entry -> new PeerId(entry.getKey()))
        .findFirst()
        .orElse(null);
  }

  private long timesHeard(Fleet.Client client) {
    return fleet.nodes.values().stream().filter(node -> legOn(node, client) != null).count();
  }

  @Test
  void whenTheOwnerDrainsAnotherOneOwnsItAndCarriersGoWithIt() {
    Fleet.Node before = owner();
    people.forEach(Fleet.Client::hears);
    var done = before.drain();
    fleet.pass(MOMENT);
    for (Fleet.Client client : people) {
      assertThat(client.hears()).contains("server.call.restart");
      client.offers(Fleet.MEETING);
      fleet.pass(MOMENT);
      assertThat(client.hears()).contains("server.call.answer");
    }
    fleet.pass(Duration.ofSeconds(7));
    assertThat(done).isDone();
    assertThat(legs(before)).isZero();
    assertThat(fleet.nodes.values())
        .extracting(node -> node.switchboard.calls())
        .containsOnlyOnce(1);
    people.forEach(client -> assertThat(timesHeard(client)).isEqualTo(1));
  }

  @Test
  void aCarrierObeysTheLatestOwnerAndNobodyBefore() {
    Fleet.Client far = people.getLast();
    Fleet.Node carrier = nodeOf(far);
    CallId call = uid();
    NodeId successor = new NodeId("successor");
    var info = new CallInfo("t", "m", "Meeting", Instant.EPOCH);
    carrier.switchboard.askedToCarry(
        successor, new NodeMessage.ToRelay(new RelayCommand.Open(call, info, false), 1, 1_000_000));
    var who = new PeerInfo(far.jid.toString(), "", "");
    var leg = new PeerId("leg-of-the-successors");
    carrier.switchboard.askedToCarry(
        successor,
        new NodeMessage.ToRelay(
            new RelayCommand.Offer(call, leg, who, "v=0", false, false), 1, 1_000_000));
    fleet.settle();
    List<Fleet.Client> there = people.subList(people.size() - 1, people.size());
    people.forEach(Fleet.Client::hears);

    far.offers(Fleet.MEETING); // the owner before gives it to the node that has his leg, as ever
    fleet.pass(MOMENT);

    assertThat(carrier.media.get(call)).containsOnlyKeys(leg.value());
    assertThat(there).allSatisfy(it -> assertThat(it.hears()).contains("server.call.restart"));
    far.offers(Fleet.MEETING);
    fleet.pass(MOMENT);
    assertThat(far.hearsLast("server.call.answer").toString())
        .doesNotContain("answer of " + carrier.id);

    for (Fleet.Client client : people) {
      client.says("leave", Fleet.MEETING);
      fleet.pass(MOMENT);
    }
    assertThat(carrier.media.get(call)).as("closed by its owner only").isNotNull();
    carrier.switchboard.askedToCarry(
        successor, new NodeMessage.ToRelay(new RelayCommand.Close(call, "over"), 1, 1_000_000));
    assertThat(carrier.media).isEmpty();
  }

  @Test
  void aCarrierObeysNobodyWithoutAnOpening() {
    Fleet.Node node = fleet.node("three");
    int legs = legs(node);
    CallId other = new CallId("00000000-0000-4000-8000-00000000ffff");
    var who = new PeerInfo("d-1", "", "");
    node.switchboard.askedToCarry(
        new NodeId("somebody"),
        new NodeMessage.ToRelay(
            new RelayCommand.Offer(other, new PeerId("p"), who, "v=0", false, false), 1, 9));
    fleet.settle();
    assertThat(legs(node)).isEqualTo(legs);
    assertThat(node.media).doesNotContainKey(other);
  }

  @Test
  void aNodeWithoutARelayCarriesNothing() {
    var others = new Fleet(2, "one");
    others.startWithoutRelay("sockets");
    others.pass(Duration.ofSeconds(4));
    for (Fleet.Client each : people) {
      String name =
          others.team.contacts().stream()
              .filter(contact -> contact.jid().equals(each.jid))
              .findFirst()
              .orElseThrow()
              .shortName();
      others.node("one").signIn(name).offers(Fleet.MEETING);
      others.pass(MOMENT);
    }
    assertThat(legs(others.node("one"))).isEqualTo(people.size());
    others
        .node("sockets")
        .switchboard
        .askedToCarry(
            others.node("one").id,
            new NodeMessage.ToRelay(
                new RelayCommand.Open(
                    uid(), new CallInfo("t", "m", "Meeting", Instant.EPOCH), false),
                1,
                1_000_000));
    assertThat(others.node("sockets").media).isEmpty();
  }

  @Test
  void eachNodeIsAsBusyAsItsOwnRelay() {
    for (Fleet.Node node : fleet.nodes.values()) {
      int own = node == owner() ? people.size() : 0;
      assertThat(own + node.switchboard.moreDevices()).isEqualTo(legs(node));
    }
  }

  @Test
  void reportsOfAllNodesComeTogetherHoweverLongTheyAre() {
    LegReport report =
        LegWatch.refused(new PeerId("p"), new PeerInfo("d-1", "", ""), "The offer is empty.", 0);
    int each = 2 * CarriedCalls.PART;
    fleet.nodes.values().forEach(node -> node.reports = Collections.nCopies(each, report));
    var reply = new CompletableFuture<ServerReply>();
    owner().on(new LoopInput.FromServer(new ServerCommand.Legs(fleet.team.uid(), uid()), reply));
    fleet.pass(MOMENT);
    assertThat(reply).isDone();
    assertThat(((ServerReply.Legs) reply.join()).legs()).hasSize(3 * each);
  }

  @Test
  void whenTheCallEndsNothingIsLeftAnywhere() {
    for (Fleet.Client client : people) {
      client.says("leave", Fleet.MEETING);
      fleet.pass(MOMENT);
    }
    assertThat(fleet.owners()).isEmpty();
  }

  @Test
  void whenTheOwnerDiesNothingOfItIsLeftAfterAMoment() {
    owner().kill();
    // Its sockets die with it, so nobody comes back, and the call ends where it goes on.
    fleet.pass(Duration.ofMinutes(2));
    assertThat(fleet.owners()).isEmpty();
  }
}
