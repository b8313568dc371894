package parley.load.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.load.server.OwnNode;

/** A node of our own, with real sockets and real media. */
@Timeout(180)
class ConformanceTest {

  @Test
  void everyEventConforms() throws Exception {
    Ledger ledger = new Ledger(new EventSchemas());
    try (OwnNode node = OwnNode.start();
        Scenes scenes = new Scenes(Target.demo(node), ledger)) {
      scenes.play();
    }
    assertThat(ledger.complete()).as(ledger.table()).isTrue();
  }

  @Test
  void aServerThatNobodyCanMakeLoseACallLacksTheRestartOnly() throws Exception {
    Ledger ledger = new Ledger(new EventSchemas());
    try (OwnNode node = OwnNode.start()) {
      Target own = Target.demo(node);
      var foreign = new Target(own.base(), own.team(), own.aliceToken(), own.bobToken(), null);
      try (Scenes scenes = new Scenes(foreign, ledger)) {
        scenes.play();
      }
    }
    assertThat(ledger.complete()).isFalse();
    assertThat(ledger.table())
        .containsPattern("server.call.restart +MISSING")
        .contains("28 of 29")
        .doesNotContain("failed:");
  }
}
