package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static parley.relay.turn.TestMessage.channelBind;
import static parley.relay.turn.TurnStage.IPV6_PEER;
import static parley.relay.turn.TurnStage.OTHER_PEER;
import static parley.relay.turn.TurnStage.PEER;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 8656 §12. */
class ChannelTest {

  private static final byte[] DATA = {1, 2, 3, 4, 5};

  private final TurnStage stage = new TurnStage();
  private final TestClient client = stage.client();

  @Test
  void carriesDataBothWays() {
    InetSocketAddress relayed = client.allocate();
    assertThat(client.bind(0x4000, PEER)).isZero();
    client.onChannel(0x4000, DATA);
    assertThat(stage.toPeers.getFirst().to()).isEqualTo(PEER);
    assertThat(stage.toPeers.getFirst().data()).isEqualTo(DATA);
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(client.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
  }

  @Test
  void fillsUpTo32BitsOnAStream() {
    TestClient stream = stage.streamClient();
    InetSocketAddress relayed = stream.allocate();
    stream.bind(0x4000, PEER);
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(stream.inbox.getLast())
        .isEqualTo(new byte[] {0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0});
    stream.raw(new byte[] {0x40, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0});
    assertThat(stage.toPeers.getFirst().data()).isEqualTo(DATA);
  }

  @Test
  void carriesEmptyData() {
    client.allocate();
    client.bind(0x4000, PEER);
    client.onChannel(0x4000, new byte[0]);
    assertThat(stage.toPeers.getFirst().data()).isEmpty();
  }

  @Test
  void installsAPermission() {
    client.allocate();
    client.bind(0x4000, PEER);
    var otherPort = new InetSocketAddress(PEER.getAddress(), 9);
    client.sendTo(otherPort, DATA);
    assertThat(stage.toPeers).extracting(TurnStage.Sent::to).containsExactly(otherPort);
  }

  @Test
  void keepsIndicationsForOtherPortsOfThePeer() {
    InetSocketAddress relayed = client.allocate();
    client.bind(0x4000, PEER);
    stage.fromPeer(new InetSocketAddress(PEER.getAddress(), 9), relayed, DATA);
    assertThat(new TestAnswer(client.inbox.remove()).type()).isEqualTo(0x0017);
  }

  @Test
  void refusesNumbersOutsideOfTheRange() {
    client.allocate();
    assertThat(client.bind(0x3FFF, PEER)).isEqualTo(400);
    assertThat(client.bind(0x8000, PEER)).isEqualTo(400);
    assertThat(client.bind(0xFFFF, PEER)).isEqualTo(400);
    assertThat(client.bind(0x4FFF, PEER)).isZero();
    assertThat(client.bind(0x7FFF, OTHER_PEER)).isZero(); // as RFC 5766 had it
  }

  @Test
  void refusesWithoutNumberOrAddress() {
    client.allocate();
    assertThat(client.ask(channelBind().peer(PEER)).error()).isEqualTo(400);
    assertThat(client.ask(channelBind().channel(0x4000)).error()).isEqualTo(400);
    assertThat(client.ask(channelBind().with(0x000C, 0x40, 0).peer(PEER)).error()).isEqualTo(400);
    assertThat(client.bind(0x4000, new InetSocketAddress(PEER.getAddress(), 0))).isEqualTo(400);
  }

  @Test
  void refusesASecondPeerForANumberAndASecondNumberForAPeer() {
    client.allocate();
    client.bind(0x4000, PEER);
    assertThat(client.bind(0x4000, OTHER_PEER)).isEqualTo(400);
    assertThat(client.bind(0x4001, PEER)).isEqualTo(400);
    assertThat(client.bind(0x4001, OTHER_PEER)).isZero();
    assertThat(client.bind(0x4001, PEER)).isEqualTo(400);
  }

  @Test
  void isOverAfterTenMinutesUnlessBoundAgain() {
    client.ask(TestMessage.allocate().lifetime(3600));
    client.bind(0x4000, PEER);
    stage.pass(Duration.ofSeconds(599));
    assertThat(client.bind(0x4000, PEER)).isZero();
    stage.nowNs += Duration.ofMinutes(10).toNanos() - 1;
    client.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).hasSize(1);
    stage.nowNs += 1; // without a tick
    client.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).hasSize(1);
    assertThat(stage.meter.drops(TurnDrop.NO_CHANNEL)).isEqualTo(1);
    client.nonce = null;
    assertThat(client.bind(0x4000, OTHER_PEER)).isZero();
  }

  @Test
  void needsAPermissionForWhatComesBack() {
    InetSocketAddress relayed = client.ask(TestMessage.allocate().lifetime(3600)).relayed();
    client.bind(0x4000, PEER);
    stage.pass(Duration.ofMinutes(5)); // the permission is over, the channel is not
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(client.inbox).isEmpty();
    client.permit(PEER);
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(client.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
  }

  @Test
  void refusesTheOtherFamily() {
    client.allocate();
    assertThat(client.bind(0x4000, IPV6_PEER)).isEqualTo(443);
  }

  @Test
  void refusesForbiddenPeers() {
    client.allocate();
    assertThat(client.bind(0x4000, TurnStage.at("192.168.1.1", 80))).isEqualTo(403);
  }

  @Test
  void refusesWithoutAnAllocationAndAnotherUser() {
    assertThat(client.bind(0x4000, PEER)).isEqualTo(437);
    client.allocate();
    assertThat(client.as("bob", "builder").bind(0x4000, PEER)).isEqualTo(441);
  }

  @Test
  void dropsDataOnANumberThatIsBoundToNobody() {
    client.allocate();
    client.onChannel(0x4000, DATA);
    assertThat(stage.meter.drops(TurnDrop.NO_CHANNEL)).isEqualTo(1);
    assertThat(client.inbox).isEmpty();
  }

  @Test
  void dropsDataOfANumberOutsideOfTheRange() {
    client.allocate();
    client.raw(TestClient.channelData(0x8000, DATA));
    client.raw(TestClient.channelData(0xFFFF, DATA));
    assertThat(stage.meter.drops(TurnDrop.UNKNOWN_PROTOCOL)).isEqualTo(2);
  }

  @Test
  void dropsDataThatSaysItIsLongerThanItIs() {
    client.allocate();
    client.bind(0x4000, PEER);
    client.raw(new byte[] {0x40, 0, 0, 6, 1, 2, 3, 4, 5});
    client.raw(new byte[] {0x40, 0, 0});
    assertThat(stage.toPeers).isEmpty();
  }

  @Test
  void passesOverWhatIsBehindTheDataOnUdp() {
    client.allocate();
    client.bind(0x4000, PEER);
    client.raw(new byte[] {0x40, 0, 0, 2, 1, 2, 9, 9, 9});
    assertThat(stage.toPeers.getFirst().data()).containsExactly(1, 2);
  }

  @Test
  void areBoundedAndSayso() {
    client.allocate();
    for (int i = 0; i < PeerTable.MOST; i++) {
      assertThat(client.bind(0x4000 + i, new InetSocketAddress(PEER.getAddress(), 1 + i))).isZero();
    }
    assertThat(client.bind(0x4FFF, PEER)).isEqualTo(508);
  }

  @Test
  void numbersAreEachAllocationsOwn() {
    InetSocketAddress relayed = client.allocate();
    TestClient other = stage.client("203.0.113.9", 9);
    InetSocketAddress otherRelayed = other.allocate();
    client.bind(0x4000, PEER);
    other.bind(0x4000, OTHER_PEER);
    client.onChannel(0x4000, DATA);
    other.onChannel(0x4000, DATA);
    assertThat(stage.toPeers)
        .extracting(TurnStage.Sent::from, TurnStage.Sent::to)
        .containsExactly(tuple(relayed, PEER), tuple(otherRelayed, OTHER_PEER));
  }

  @Test
  void isNotExtendedByData() {
    InetSocketAddress relayed = client.ask(TestMessage.allocate().lifetime(3600)).relayed();
    client.bind(0x4000, PEER);
    stage.pass(Duration.ofSeconds(299));
    client.onChannel(0x4000, DATA);
    stage.fromPeer(PEER, relayed, DATA);
    client.inbox.clear();
    stage.pass(Duration.ofSeconds(1));
    stage.fromPeer(PEER, relayed, DATA); // the permission is over
    assertThat(client.inbox).isEmpty();
    stage.pass(Duration.ofSeconds(299));
    client.onChannel(0x4000, DATA);
    stage.pass(Duration.ofSeconds(1));
    client.onChannel(0x4000, DATA); // the channel is
    assertThat(stage.toPeers).hasSize(2);
  }

  @Test
  void givesThePermissionItsTimeAgain() {
    InetSocketAddress relayed = client.allocate();
    client.permit(PEER);
    stage.pass(Duration.ofSeconds(299));
    client.bind(0x4000, PEER);
    stage.pass(Duration.ofSeconds(299));
    stage.fromPeer(PEER, relayed, DATA);
    assertThat(client.inbox).hasSize(1);
  }

  @Test
  void ignoresReservedBitsOfItsNumber() {
    client.allocate();
    TestMessage request = channelBind().with(0x000C, 0x40, 0, 7, 7).peer(PEER);
    assertThat(client.ask(request).error()).isZero();
    client.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).hasSize(1);
  }

  @Test
  void dropsDataWithoutAnAllocation() {
    client.onChannel(0x4000, DATA);
    assertThat(stage.meter.drops(TurnDrop.NO_ALLOCATION)).isEqualTo(1);
    assertThat(client.inbox).isEmpty();
  }

  @Test
  void refusesPeersInTunnels() {
    client.ask(TestMessage.allocate().family(2));
    assertThat(client.bind(0x4000, TurnStage.at("2001:0:102:304::1", 80))).isEqualTo(403);
    assertThat(client.bind(0x4000, TurnStage.at("2002:102:304::1", 80))).isEqualTo(403);
  }
}
