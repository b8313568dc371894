package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.turn.TurnStage.IPV6_PEER;
import static parley.relay.turn.TurnStage.OTHER_PEER;
import static parley.relay.turn.TurnStage.PEER;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 8656 §9, §10, §11. */
class PermissionTest {

  private static final byte[] DATA = {1, 2, 3, 4, 5};

  private final TurnStage stage = new TurnStage();
  private final TestClient client = stage.client();

  @Test
  void letsDataThroughBothWays() {
    InetSocketAddress relayed = client.allocate();
    assertThat(client.permit(PEER)).isZero();
    client.sendTo(PEER, DATA);
    assertThat(stage.toPeers)
        .singleElement()
        .satisfies(
            sent -> {
              assertThat(sent.from()).isEqualTo(relayed);
              assertThat(sent.to()).isEqualTo(PEER);
              assertThat(sent.data()).isEqualTo(DATA);
              assertThat(sent.dontFragment()).isFalse();
            });
    stage.fromPeer(PEER, relayed, DATA);
    var indication = new TestAnswer(client.inbox.remove());
    assertThat(indication.type()).isEqualTo(0x0017);
    assertThat(indication.addresses(0x0012)).containsExactly(PEER);
    assertThat(indication.value(0x0013)).isEqualTo(DATA);
  }

  @Test
  void letsIpv6ThroughBothWays() {
    InetSocketAddress relayed = client.ask(TestMessage.allocate().family(2)).relayed();
    assertThat(client.permit(IPV6_PEER)).isZero();
    client.sendTo(IPV6_PEER, DATA);
    assertThat(stage.toPeers).extracting(TurnStage.Sent::to).containsExactly(IPV6_PEER);
    stage.fromPeer(IPV6_PEER, relayed, DATA);
    var indication = new TestAnswer(client.inbox.remove());
    assertThat(indication.addresses(0x0012)).containsExactly(IPV6_PEER);
    assertThat(indication.value(0x0013)).isEqualTo(DATA);
  }

  @Test
  void isForAnAddressWhateverThePort() {
    InetSocketAddress relayed = client.allocate();
    client.permit(PEER);
    var otherPort = new InetSocketAddress(PEER.getAddress(), 7);
    client.sendTo(otherPort, DATA);
    client.sendTo(PEER, DATA);
    assertThat(stage.toPeers).extracting(TurnStage.Sent::to).containsExactly(otherPort, PEER);
    stage.fromPeer(otherPort, relayed, DATA);
    assertThat(client.inbox).hasSize(1);
  }

  @Test
  void dropsDataForAndFromStrangers() {
    InetSocketAddress relayed = client.allocate();
    client.permit(PEER);
    client.sendTo(OTHER_PEER, DATA);
    stage.fromPeer(OTHER_PEER, relayed, DATA);
    assertThat(stage.toPeers).isEmpty();
    assertThat(client.inbox).isEmpty();
    assertThat(stage.meter.drops(TurnDrop.NO_PERMISSION)).isEqualTo(2);
  }

  @Test
  void isOverAfterFiveMinutes() {
    InetSocketAddress relayed = client.allocate();
    client.permit(PEER);
    stage.nowNs += Duration.ofMinutes(5).toNanos() - 1;
    client.sendTo(PEER, DATA);
    assertThat(stage.toPeers).hasSize(1);
    stage.nowNs += 1; // without a tick
    client.sendTo(PEER, DATA);
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(stage.toPeers).hasSize(1);
    assertThat(client.inbox).isEmpty();
  }

  @Test
  void isGivenFiveMinutesAgain() {
    client.allocate();
    client.permit(PEER);
    stage.pass(Duration.ofSeconds(299));
    client.permit(PEER);
    stage.pass(Duration.ofSeconds(299));
    client.sendTo(PEER, DATA);
    assertThat(stage.toPeers).hasSize(1);
  }

  @Test
  void isNotExtendedByData() {
    InetSocketAddress relayed = client.allocate();
    client.permit(PEER);
    stage.pass(Duration.ofSeconds(299));
    client.sendTo(PEER, DATA);
    stage.fromPeer(PEER, relayed, DATA);
    stage.pass(Duration.ofSeconds(1));
    client.sendTo(PEER, DATA);
    assertThat(stage.toPeers).hasSize(1);
  }

  @Test
  void isHadAgainAfterItWasOver() {
    client.allocate();
    client.permit(PEER);
    stage.nowNs += Duration.ofSeconds(301).toNanos();
    client.permit(PEER);
    client.sendTo(PEER, DATA);
    assertThat(stage.toPeers).hasSize(1);
  }

  @Test
  void coversAllAddressesOfARequest() {
    client.allocate();
    assertThat(client.permit(PEER, OTHER_PEER)).isZero();
    client.sendTo(PEER, DATA);
    client.sendTo(OTHER_PEER, DATA);
    assertThat(stage.toPeers).hasSize(2);
  }

  @Test
  void installsNoneWhenOneIsRefused() {
    client.allocate();
    assertThat(client.permit(PEER, TurnStage.at("127.0.0.1", 1))).isEqualTo(403);
    assertThat(client.permit(PEER, IPV6_PEER)).isEqualTo(443);
    client.sendTo(PEER, DATA);
    assertThat(stage.toPeers).isEmpty();
  }

  @Test
  void refusesARequestWithoutAnAddress() {
    client.allocate();
    assertThat(client.permit()).isEqualTo(400);
    TestMessage malformed = TestMessage.createPermission().with(0x0012, 0, 1, 2);
    assertThat(client.ask(malformed).error()).isEqualTo(400);
    TestMessage strange = TestMessage.createPermission().with(0x0012, 0, 9, 1, 1, 1, 1, 1, 1);
    assertThat(client.ask(strange).error()).isEqualTo(400);
  }

  @Test
  void refusesWithoutAnAllocation() {
    assertThat(client.permit(PEER)).isEqualTo(437);
  }

  @Test
  void refusesAnotherUser() {
    client.allocate();
    assertThat(client.as("bob", "builder").permit(PEER)).isEqualTo(441);
  }

  @Test
  void areBoundedAndSayso() {
    client.allocate();
    for (int i = 0; i < PeerTable.MOST; i++) {
      assertThat(client.permit(TurnStage.at("93.184." + i / 200 + "." + (1 + i % 200), 1)))
          .isZero();
    }
    assertThat(client.permit(PEER)).isEqualTo(508);
    stage.pass(Duration.ofMinutes(5));
    assertThat(client.permit(PEER)).isZero();
  }

  @Test
  void sendingNeedsAnAllocation() {
    client.sendTo(PEER, DATA);
    assertThat(stage.meter.drops(TurnDrop.NO_ALLOCATION)).isEqualTo(1);
  }

  @Test
  void sendingNeedsDataAndAnAddress() {
    client.allocate();
    client.permit(PEER);
    client.raw(TestMessage.sendIndication().peer(PEER).bytes());
    client.raw(TestMessage.sendIndication().data(DATA).bytes());
    client.raw(TestMessage.sendIndication().with(0x0012, 0, 1).data(DATA).bytes());
    client.raw(TestMessage.sendIndication().peer(PEER).data(DATA).with(0x0033, 1).bytes());
    assertThat(stage.toPeers).isEmpty();
    assertThat(client.inbox).isEmpty();
    assertThat(stage.meter.drops(TurnDrop.MALFORMED)).isEqualTo(4);
  }

  @Test
  void sendsEmptyData() {
    InetSocketAddress relayed = client.allocate();
    client.permit(PEER);
    client.sendTo(PEER, new byte[0]);
    assertThat(stage.toPeers.getFirst().data()).isEmpty();
    stage.fromPeer(PEER, relayed, new byte[0]);
    assertThat(new TestAnswer(client.inbox.remove()).value(0x0013)).isEmpty();
  }

  @Test
  void sendsWithoutFragmentingWhenAsked() {
    client.allocate();
    client.permit(PEER);
    client.raw(TestMessage.sendIndication().peer(PEER).dontFragment().data(DATA).bytes());
    assertThat(stage.toPeers.getFirst().dontFragment()).isTrue();
  }

  @Test
  void dropsDontFragmentWhereTheSystemCannot() {
    stage.canForbidFragments = false;
    client.allocate();
    client.permit(PEER);
    client.raw(TestMessage.sendIndication().peer(PEER).dontFragment().data(DATA).bytes());
    assertThat(stage.toPeers).isEmpty();
  }

  @Test
  void twoClientsOfTheNodeReachEachOtherWithoutTheKernel() {
    InetSocketAddress one = client.allocate();
    TestClient friend = stage.client("203.0.113.9", 9);
    InetSocketAddress other = friend.allocate();
    client.permit(other);
    friend.permit(one);
    client.sendTo(other, DATA);
    assertThat(stage.toPeers).isEmpty();
    var indication = new TestAnswer(friend.inbox.remove());
    assertThat(indication.addresses(0x0012)).containsExactly(one);
    assertThat(indication.value(0x0013)).isEqualTo(DATA);
  }

  @Test
  void otherPortsOfTheNodeStayClosed() {
    client.allocate();
    var ownPort = new InetSocketAddress(TurnStage.NODE, 3478);
    assertThat(client.permit(ownPort)).isZero();
    client.sendTo(ownPort, DATA);
    assertThat(stage.toPeers).isEmpty();
    assertThat(stage.meter.drops(TurnDrop.OWN_PORT)).isEqualTo(1);
  }

  @Test
  void areEachAllocationsOwn() {
    client.allocate();
    client.permit(PEER);
    TestClient other = stage.client("203.0.113.9", 9);
    InetSocketAddress relayed = other.allocate();
    other.sendTo(PEER, DATA);
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(stage.toPeers).isEmpty();
    assertThat(other.inbox).isEmpty();
  }

  @Test
  void ignoreThePortAndTheFirstByteOfAnAddress() {
    client.allocate();
    assertThat(client.permit(new InetSocketAddress(PEER.getAddress(), 0))).isZero();
    byte[] value = {(byte) 0xFF, 1, 0x21, 0x12, 93 ^ 0x21, (byte) (184 ^ 0x12), 0, 0};
    value[6] = (byte) (216 ^ 0xA4);
    value[7] = 35 ^ 0x42;
    assertThat(client.ask(TestMessage.createPermission().with(0x0012, value)).error()).isZero();
    client.sendTo(PEER, DATA);
    client.sendTo(OTHER_PEER, DATA);
    assertThat(stage.toPeers).extracting(TurnStage.Sent::to).containsExactly(PEER, OTHER_PEER);
  }

  @Test
  void coverBothFamiliesOfOneRequest() {
    client.ask(TestMessage.allocate().alsoIpv6());
    assertThat(client.permit(PEER, IPV6_PEER)).isZero();
    client.sendTo(PEER, DATA);
    client.sendTo(IPV6_PEER, DATA);
    assertThat(stage.toPeers).extracting(TurnStage.Sent::to).containsExactly(PEER, IPV6_PEER);
  }

  /** RFC 8656 §13: from UDP to UDP it is for IPv4 on both sides. */
  @Test
  void ignoresDontFragmentWhereIpv6IsOnEitherSide() {
    byte[] plain = {};
    client.ask(TestMessage.allocate().alsoIpv6());
    client.permit(PEER, IPV6_PEER);
    client.raw(TestMessage.sendIndication().peer(IPV6_PEER).dontFragment().data(plain).bytes());
    TestClient ipv6 = stage.client("2606:2800:220:1::9", 40_000);
    ipv6.allocate();
    ipv6.permit(PEER);
    ipv6.raw(TestMessage.sendIndication().peer(PEER).dontFragment().data(plain).bytes());
    assertThat(stage.toPeers)
        .extracting(TurnStage.Sent::dontFragment)
        .containsExactly(false, false);
    TestClient stream = stage.streamClient();
    stream.ask(TestMessage.allocate().family(2));
    stream.permit(IPV6_PEER);
    stream.raw(TestMessage.sendIndication().peer(IPV6_PEER).dontFragment().data(plain).bytes());
    assertThat(stage.toPeers.getLast().dontFragment()).isTrue();
  }

  @Test
  void dataIndicationsHaveIdsThatNobodyCanForesee() {
    InetSocketAddress relayed = client.allocate();
    client.permit(PEER);
    Set<String> ids = new HashSet<>();
    int ones = 0;
    for (int i = 0; i < 1000; i++) {
      stage.fromPeer(PEER, relayed, DATA);
      byte[] id = Arrays.copyOfRange(client.inbox.remove(), 8, 20);
      ids.add(HexFormat.of().formatHex(id));
      for (byte each : id) {
        ones += Integer.bitCount(each & 0xFF);
      }
    }
    assertThat(ids).hasSize(1000);
    assertThat(ones).isBetween(46_000, 50_000); // 48,000 in the middle, twelve deviations each way
  }

  /** One that has a channel hears of its peer on it, however it sends itself. */
  @Test
  void sendingLeavesTheChannelInUse() {
    InetSocketAddress relayed = client.allocate();
    client.bind(0x4000, PEER);
    client.sendTo(PEER, DATA);
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(client.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
  }
}
