package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.turn.TestMessage.allocate;
import static parley.relay.turn.TestMessage.refresh;
import static parley.relay.turn.TurnStage.PEER;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 8016. */
class MobilityTest {

  private static final byte[] DATA = {1, 2, 3};
  private static final byte[] NONE = {};

  private final TurnStage stage = new TurnStage();
  private final TestClient client = stage.client();

  @Test
  void givesATicketToWhoAsks() {
    assertThat(client.ask(allocate().ticket(NONE)).value(0x8030)).isNotEmpty();
    assertThat(stage.client("203.0.113.9", 1).ask(allocate()).has(0x8030)).isFalse();
  }

  @Test
  void givesNoTicketForATicket() {
    assertThat(client.ask(allocate().ticket(new byte[] {1})).error()).isEqualTo(400);
    assertThat(stage.open).isEmpty();
  }

  @Test
  void movesAnAllocationWithAllThatBelongsToIt() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    client.bind(0x4000, PEER);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    TestAnswer answer = moved.ask(refresh(600).ticket(made.value(0x8030)));
    assertThat(answer.error()).isZero();
    assertThat(answer.value(0x8030)).isNotEqualTo(made.value(0x8030));
    moved.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).hasSize(1);
    stage.fromPeer(PEER, made.relayed(), DATA);
    assertThat(moved.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
    assertThat(stage.meter.allocations()).isEqualTo(1);
  }

  @Test
  void hasBothAddressesUntilDataComesFromTheNewOne() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    client.bind(0x4000, PEER);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    moved.ask(refresh(600).ticket(made.value(0x8030)));
    client.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).hasSize(1);
    stage.fromPeer(PEER, made.relayed(), DATA);
    assertThat(client.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
    assertThat(moved.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
    assertThat(moved.ask(refresh(600)).error()).isZero();
    assertThat(client.ask(refresh(600)).error()).isZero();
  }

  @Test
  void leavesNothingAtTheOldAddressAfterThat() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    client.bind(0x4000, PEER);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    moved.ask(refresh(600).ticket(made.value(0x8030)));
    moved.sendTo(PEER, DATA);
    client.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).hasSize(1);
    assertThat(client.ask(refresh(600)).error()).isEqualTo(437);
    assertThat(client.ask(allocate()).error()).isZero();
    assertThat(moved.ask(refresh(600)).error()).isZero();
  }

  @Test
  void movesAtOnceWhenTheOldConnectionEnds() {
    TestClient stream = stage.streamClient();
    TestAnswer made = stream.ask(allocate().ticket(NONE));
    stream.bind(0x4000, PEER);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    moved.ask(refresh(600).ticket(made.value(0x8030)));
    stage.server.onDisconnect(stream, stream.address, stage.nowNs);
    stage.fromPeer(PEER, made.relayed(), DATA);
    assertThat(moved.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
  }

  @Test
  void staysWhenTheNewConnectionEnds() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    client.bind(0x4000, PEER);
    TestClient stream = stage.streamClient();
    stream.ask(refresh(600).ticket(made.value(0x8030)));
    stage.server.onDisconnect(stream, stream.address, stage.nowNs);
    stage.fromPeer(PEER, made.relayed(), DATA);
    assertThat(client.inbox).hasSize(1);
    assertThat(stream.ask(refresh(600)).error()).isEqualTo(437);
  }

  @Test
  void goesBackToWhereItWasBeforeItArrived() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    byte[] next = moved.ask(refresh(600).ticket(ticket)).value(0x8030);
    assertThat(client.ask(refresh(600).ticket(next)).error()).isZero();
    assertThat(moved.ask(refresh(600)).error()).isEqualTo(437);
    assertThat(client.ask(refresh(600)).error()).isZero();
  }

  @Test
  void takesATicketOnceButAnswersARetransmission() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    TestClient moved = stage.client("192.0.2.200", 50_000);
    byte[] ticket = made.value(0x8030);
    byte[] next = moved.ask(refresh(600).ticket(ticket)).value(0x8030);
    assertThat(moved.ask(refresh(600).ticket(ticket)).value(0x8030)).isEqualTo(next);
    stage.pass(Duration.ofSeconds(31));
    assertThat(moved.ask(refresh(600).ticket(ticket)).value(0x8030)).isEqualTo(next);
    TestClient late = stage.client("192.0.2.201", 50_000);
    assertThat(late.ask(refresh(600).ticket(ticket)).error()).isEqualTo(400);
  }

  @Test
  void refusesATicketWhereItsClientIsAlready() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    assertThat(client.ask(refresh(600).ticket(ticket)).error()).isEqualTo(400);
    assertThat(client.ask(refresh(600)).error()).isZero();
  }

  @Test
  void refusesTicketsThatItDidNotMake() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    assertThat(moved.ask(refresh(600).ticket(new byte[32])).error()).isEqualTo(400);
    assertThat(moved.ask(refresh(600).ticket(NONE)).error()).isEqualTo(400);
    for (int i = 0; i < ticket.length; i++) {
      byte[] other = ticket.clone();
      other[i] ^= 1;
      assertThat(moved.ask(refresh(600).ticket(other)).error()).isEqualTo(400);
    }
  }

  @Test
  void saysThatNothingIsLeftOfAnAllocationThatIsOver() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    client.ask(refresh(0));
    TestClient moved = stage.client("192.0.2.200", 50_000);
    assertThat(moved.ask(refresh(600).ticket(ticket)).error()).isEqualTo(437);
  }

  @Test
  void makesTicketsThatTellNothing() {
    Set<String> tickets = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      byte[] ticket =
          stage.client("203.0.113.9", 1000 + i).ask(allocate().ticket(NONE)).value(0x8030);
      assertThat(new String(ticket, StandardCharsets.US_ASCII)).matches("[A-Za-z0-9+/]{32}");
      assertThat(tickets.add(HexFormat.of().formatHex(ticket, 0, 8))).isTrue();
    }
  }

  @Test
  void refusesToMoveIntoTunnels() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient tunnel = stage.client("2002:102:304::1", 50_000);
    assertThat(tunnel.ask(refresh(600).ticket(ticket)).error()).isEqualTo(403);
    assertThat(client.ask(refresh(600)).error()).isZero();
  }

  @Test
  void endsWhileItMoves() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    moved.ask(refresh(600).ticket(ticket));
    stage.pass(Duration.ofMinutes(10));
    assertThat(stage.open).isEmpty();
    assertThat(stage.meter.allocations()).isZero();
    assertThat(client.allocate()).isNotNull();
    assertThat(moved.as("bob", "builder").allocate()).isNotNull();
  }

  @Test
  void refusesAWrongPasswordWithTheRightTicket() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient thief = stage.client("192.0.2.200", 50_000).as("alice", "wrong");
    assertThat(thief.ask(refresh(600).ticket(ticket)).error()).isEqualTo(401);
    assertThat(thief.plain(refresh(600).ticket(ticket)).error()).isEqualTo(401);
    assertThat(client.ask(refresh(600)).error()).isZero();
  }

  @Test
  void refusesAnotherUsersTicket() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient thief = stage.client("192.0.2.200", 50_000).as("bob", "builder");
    assertThat(thief.ask(refresh(600).ticket(ticket)).error()).isEqualTo(441);
    assertThat(client.ask(refresh(600)).error()).isZero();
  }

  @Test
  void refusesToMoveOntoAnotherAllocation() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient other = stage.client("192.0.2.200", 50_000);
    other.allocate();
    assertThat(other.ask(refresh(600).ticket(ticket)).error()).isEqualTo(437);
  }

  @Test
  void refusesWhereItIsSwitchedOff() {
    var without = new TurnStage(SettingsForTest::withoutMobility);
    assertThat(without.client().ask(allocate().ticket(NONE)).error()).isEqualTo(405);
    without.client().allocate();
    assertThat(without.client().ask(refresh(600).ticket(NONE)).error()).isEqualTo(405);
  }

  @Test
  void waitsForAClientWhoseConnectionBroke() {
    TestClient stream = stage.streamClient();
    TestAnswer made = stream.ask(allocate().ticket(NONE));
    stage.server.onDisconnect(stream, stream.address, stage.nowNs);
    InetSocketAddress relayed = made.relayed();
    assertThat(stage.open).containsKey(relayed);
    TestClient back = stage.client("192.0.2.200", 50_000);
    assertThat(back.ask(refresh(600).ticket(made.value(0x8030))).error()).isZero();
    stage.pass(Duration.ofMinutes(10));
    assertThat(stage.open).isEmpty();
  }

  @Test
  void endsAnAllocationFromItsNewAddress() {
    byte[] ticket = client.ask(allocate().ticket(NONE)).value(0x8030);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    TestAnswer answer = moved.ask(refresh(0).ticket(ticket));
    assertThat(answer.error()).isZero();
    assertThat(answer.has(0x8030)).isFalse();
    assertThat(stage.open).isEmpty();
  }
}
