package parley.load.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node of our own, with real sockets and real media. */
@Timeout(180)
class ConformanceTest {

  @Test
  void everyEventConforms() throws Exception {
    Ledger ledger = new Ledger(new EventSchemas());
    try (OwnNode node = OwnNode.start();
        Scenes scenes = new Scenes(node.target(), ledger)) {
      scenes.play();
    }
    assertThat(ledger.complete()).as(ledger.table()).isTrue();
  }

  @Test
  void aServerThatNobodyCanMakeLoseACallLacksTheRestartOnly() throws Exception {
    Ledger ledger = new Ledger(new EventSchemas());
    try (OwnNode node = OwnNode.start()) {
      Target own = node.target();
      var foreign = new Target(own.base(), own.team(), own.aliceToken(), own.bobToken(), null);
      try (Scenes scenes = new Scenes(foreign, ledger)) {
        scenes.play();
      }
    }
    assertThat(ledger.complete()).isFalse();
    assertThat(ledger.table())
        .containsPattern("server.call.restart +MISSING")
        .contains("27 of 28")
        .doesNotContain("failed:");
  }
}
