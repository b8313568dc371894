package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.turn.TestMessage.refresh;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 8656 §8.2. */
class RefreshTest {

  private final TurnStage stage = new TurnStage();
  private final TestClient client = stage.client();

  @Test
  void givesTheAllocationItsTimeAgain() {
    client.allocate();
    stage.pass(Duration.ofSeconds(500));
    TestAnswer answer = client.ask(refresh(700));
    assertThat(answer.type()).isEqualTo(0x0104);
    assertThat(answer.lifetime()).isEqualTo(700);
    stage.pass(Duration.ofSeconds(699));
    assertThat(stage.open).hasSize(1);
    stage.pass(Duration.ofSeconds(1));
    assertThat(stage.open).isEmpty();
  }

  @Test
  void grantsTenMinutesWhenNothingIsSaid() {
    client.allocate();
    assertThat(client.ask(refresh()).lifetime()).isEqualTo(600);
    assertThat(client.ask(refresh(5)).lifetime()).isEqualTo(600);
  }

  @Test
  void endsTheAllocationAtLifetimeZero() {
    client.allocate();
    assertThat(client.ask(refresh(0)).lifetime()).isZero();
    assertThat(stage.open).isEmpty();
    assertThat(client.ask(refresh(0)).error()).isEqualTo(437);
  }

  @Test
  void refusesWhereNothingIsAllocated() {
    assertThat(client.ask(refresh(600)).error()).isEqualTo(437);
  }

  @Test
  void refusesAnotherUser() {
    client.allocate();
    assertThat(client.as("bob", "builder").ask(refresh(0)).error()).isEqualTo(441);
    assertThat(stage.open).hasSize(1);
  }

  @Test
  void refusesTheFamilyThatWasNotAllocated() {
    client.allocate();
    assertThat(client.ask(refresh(600).family(2)).error()).isEqualTo(443);
    assertThat(client.ask(refresh(600).family(7)).error()).isEqualTo(443);
    assertThat(client.ask(refresh(600).family(1)).error()).isZero();
  }

  @Test
  void givesOneOfTwoFamiliesBack() {
    client.ask(TestMessage.allocate().alsoIpv6());
    assertThat(client.ask(refresh(0).family(1)).error()).isZero();
    assertThat(stage.open.keySet())
        .singleElement()
        .satisfies(left -> assertThat(left.getAddress()).isEqualTo(TurnStage.NODE_IPV6));
    assertThat(client.permit(TurnStage.PEER)).isEqualTo(443);
    assertThat(client.permit(TurnStage.IPV6_PEER)).isZero();
    client.ask(refresh(0).family(2));
    assertThat(stage.open).isEmpty();
  }

  @Test
  void leavesPermissionsAndChannelsAsTheyAre() {
    client.allocate();
    client.permit(TurnStage.PEER);
    stage.pass(Duration.ofSeconds(299));
    client.ask(refresh(600));
    stage.pass(Duration.ofSeconds(1));
    client.sendTo(TurnStage.PEER, new byte[] {1});
    assertThat(stage.toPeers).isEmpty();
  }

  @Test
  void refusesALifetimeOfTheWrongLength() {
    client.allocate();
    assertThat(client.ask(refresh().with(0x000D, 1, 2)).error()).isEqualTo(400);
  }

  @Test
  void takesNothingFromTheOtherFamily() {
    client.ask(TestMessage.allocate().alsoIpv6());
    client.bind(0x4000, TurnStage.PEER);
    client.bind(0x4001, TurnStage.IPV6_PEER);
    client.ask(refresh(0).family(1));
    client.onChannel(0x4000, new byte[] {1});
    client.sendTo(TurnStage.PEER, new byte[] {1});
    assertThat(stage.toPeers).isEmpty();
    client.onChannel(0x4001, new byte[] {1});
    client.sendTo(TurnStage.IPV6_PEER, new byte[] {1});
    assertThat(stage.toPeers)
        .extracting(TurnStage.Sent::to)
        .containsExactly(TurnStage.IPV6_PEER, TurnStage.IPV6_PEER);
  }

  @Test
  void givesEachFamilyATimeOfItsOwn() {
    client.ask(TestMessage.allocate().alsoIpv6());
    assertThat(client.ask(refresh(1200).family(2)).lifetime()).isEqualTo(1200);
    stage.pass(Duration.ofSeconds(599));
    assertThat(stage.open).hasSize(2);
    stage.pass(Duration.ofSeconds(1));
    assertThat(stage.open.keySet())
        .singleElement()
        .satisfies(left -> assertThat(left.getAddress()).isEqualTo(TurnStage.NODE_IPV6));
    assertThat(client.ask(refresh(600).family(1)).error()).isEqualTo(443);
    stage.pass(Duration.ofSeconds(600));
    assertThat(stage.open).isEmpty();
  }

  @Test
  void withoutAFamilyIsAboutBoth() {
    client.ask(TestMessage.allocate().alsoIpv6());
    client.ask(refresh(1200));
    stage.pass(Duration.ofSeconds(1199));
    assertThat(stage.open).hasSize(2);
    client.nonce = null;
    client.ask(refresh(0));
    assertThat(stage.open).isEmpty();
  }

  @Test
  void ignoresReservedBitsOfTheFamily() {
    client.allocate();
    assertThat(client.ask(refresh(600).with(0x0017, 1, 7, 7, 7)).error()).isZero();
  }
}
