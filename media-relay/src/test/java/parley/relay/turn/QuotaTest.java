package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.relay.turn.TestMessage.allocate;
import static parley.relay.turn.TurnStage.PEER;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotaTest {

  @Test
  void limitsTheAllocationsOfAUser() {
    var stage = new TurnStage(settings -> settings.allocations(2, 0));
    stage.client("203.0.113.5", 1).allocate();
    stage.client("203.0.113.5", 2).allocate();
    TestClient third = stage.client("203.0.113.5", 3);
    assertThat(third.ask(allocate()).error()).isEqualTo(486);
    stage.client("203.0.113.5", 4).as("bob", "builder").allocate();
    stage.client("203.0.113.5", 2).ask(TestMessage.refresh(0));
    assertThat(third.ask(allocate()).error()).isZero();
  }

  @Test
  void limitsAllAllocations() {
    var stage = new TurnStage(settings -> settings.allocations(0, 2));
    stage.client("203.0.113.5", 1).allocate();
    stage.client("203.0.113.5", 2).as("bob", "builder").allocate();
    TestClient third = stage.client("203.0.113.5", 3);
    assertThat(third.ask(allocate()).error()).isEqualTo(486);
    stage.pass(Duration.ofMinutes(10));
    third.nonce = null;
    assertThat(third.ask(allocate()).error()).isZero();
  }

  @Test
  void countsNothingForARequestThatFails() {
    var stage = new TurnStage(settings -> settings.allocations(1, 0).ports(50_000, 50_000));
    stage.portsOfOthers.add(50_000);
    assertThat(stage.client().ask(allocate()).error()).isEqualTo(508);
    stage.portsOfOthers.clear();
    assertThat(stage.client().ask(allocate()).error()).isZero();
  }

  @Test
  void timeLimitedNamesShareTheQuotaOfTheirUser() {
    var credentials = new TurnCredentials("r", Map.of(), List.of("north wind"));
    assertThat(credentials.ofName("100:carol", 0).getFirst().name())
        .isEqualTo(credentials.ofName("200:carol", 0).getFirst().name());
  }

  @Test
  void limitsTheBytesOfAUser() {
    var stage = new TurnStage(settings -> settings.bandwidth(10_000, 0));
    TestClient client = stage.client();
    client.allocate();
    client.bind(0x4000, PEER);
    for (int i = 0; i < 100; i++) {
      client.onChannel(0x4000, new byte[1000]);
    }
    assertThat(stage.toPeers).hasSize(10);
    assertThat(stage.meter.drops(TurnDrop.BANDWIDTH)).isEqualTo(90);
    stage.pass(Duration.ofMillis(500));
    for (int i = 0; i < 100; i++) {
      client.onChannel(0x4000, new byte[1000]);
    }
    assertThat(stage.toPeers).hasSize(15);
  }

  @Test
  void countsBothDirectionsTogether() {
    var stage = new TurnStage(settings -> settings.bandwidth(10_000, 0));
    TestClient client = stage.client();
    InetSocketAddress relayed = client.allocate();
    client.bind(0x4000, PEER);
    for (int i = 0; i < 10; i++) {
      stage.fromPeer(PEER, relayed, new byte[1000]);
    }
    client.onChannel(0x4000, new byte[1000]);
    assertThat(client.inbox).hasSize(10);
    assertThat(stage.toPeers).isEmpty();
  }

  @Test
  void limitsTheBytesOfAll() {
    var stage = new TurnStage(settings -> settings.bandwidth(0, 5_000));
    TestClient one = stage.client("203.0.113.5", 1);
    TestClient two = stage.client("203.0.113.5", 2).as("bob", "builder");
    one.allocate();
    two.allocate();
    one.bind(0x4000, PEER);
    two.bind(0x4000, PEER);
    for (int i = 0; i < 10; i++) {
      one.onChannel(0x4000, new byte[1000]);
      two.onChannel(0x4000, new byte[1000]);
    }
    assertThat(stage.toPeers).hasSize(5);
  }
}
