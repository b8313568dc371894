package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.turn.TestMessage.allocate;
import static parley.relay.turn.TestMessage.refresh;
import static parley.relay.turn.TurnStage.PEER;

import java.net.InetSocketAddress;
import java.time.Duration;
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
  void movesAnAllocationWithAllThatBelongsToIt() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    client.bind(0x4000, PEER);
    TestClient moved = stage.client("192.0.2.200", 50_000);
    TestAnswer answer = moved.ask(refresh(600).ticket(made.value(0x8030)));
    assertThat(answer.error()).isZero();
    assertThat(answer.value(0x8030)).isNotEqualTo(made.value(0x8030));
    stage.fromPeer(PEER, made.relayed(), DATA);
    assertThat(moved.inbox).containsExactly(TestClient.channelData(0x4000, DATA));
    moved.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).hasSize(1);
    assertThat(stage.meter.allocations()).isEqualTo(1);
  }

  @Test
  void leavesNothingAtTheOldAddress() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    client.bind(0x4000, PEER);
    stage.client("192.0.2.200", 50_000).ask(refresh(600).ticket(made.value(0x8030)));
    client.onChannel(0x4000, DATA);
    assertThat(stage.toPeers).isEmpty();
    assertThat(client.ask(refresh(600)).error()).isEqualTo(437);
  }

  @Test
  void takesATicketOnceButAnswersARetransmission() {
    TestAnswer made = client.ask(allocate().ticket(NONE));
    TestClient moved = stage.client("192.0.2.200", 50_000);
    byte[] ticket = made.value(0x8030);
    byte[] next = moved.ask(refresh(600).ticket(ticket)).value(0x8030);
    assertThat(moved.ask(refresh(600).ticket(ticket)).value(0x8030)).isEqualTo(next);
    assertThat(moved.ask(refresh(600).ticket(ticket)).value(0x8030)).isEqualTo(next);
    TestClient late = stage.client("192.0.2.201", 50_000);
    assertThat(late.ask(refresh(600).ticket(ticket)).error()).isEqualTo(400);
  }

  @Test
  void refusesTicketsThatItDidNotMake() {
    client.ask(allocate().ticket(NONE));
    TestClient moved = stage.client("192.0.2.200", 50_000);
    assertThat(moved.ask(refresh(600).ticket(new byte[16])).error()).isEqualTo(400);
    assertThat(moved.ask(refresh(600).ticket(NONE)).error()).isEqualTo(400);
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
