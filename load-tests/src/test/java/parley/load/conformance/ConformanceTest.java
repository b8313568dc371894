package parley.load.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import parley.load.server.OwnNode;

/** Nodes of our own, with real sockets and real media. */
@Timeout(240)
class ConformanceTest {

  @Test
  void everyEventConformsAndEveryRuleHolds() throws Exception {
    Ledger ledger = new Ledger(new EventSchemas());
    try (OwnNode node = OwnNode.start();
        OwnNode strict = OwnNode.start(StrictRules.SETTINGS)) {
      ConformanceCommand.play(Target.demo(node), Target.demo(strict), ledger);
    }
    assertThat(ledger.complete()).as(ledger.table()).isTrue();
  }

  @Test
  void aServerThatNobodyCanMakeLoseACallLacksWhatNeedsThat() throws Exception {
    Ledger ledger = new Ledger(new EventSchemas());
    try (OwnNode node = OwnNode.start()) {
      Target own = Target.demo(node);
      var foreign =
          new Target(
              own.base(), own.team(), own.aliceToken(), own.bobToken(), own.carolToken(), null);
      new Scenes(foreign, ledger).play();
    }
    assertThat(ledger.complete()).isFalse();
    assertThat(ledger.table())
        .containsPattern("server.call.restart +MISSING")
        .contains("28 of 29 events")
        .containsPattern("MISSING +only_one_device_per_call")
        .doesNotContain("failed:");
  }

  /** The table is no ornament: a server with other rules than those it is held to fails. */
  @Test
  void aServerThatDoesNotKeepARuleFails() throws Exception {
    Ledger ledger = new Ledger(new EventSchemas());
    try (OwnNode node = OwnNode.start(Map.of("PARLEY_CALLS_ONLY_ONE_DEVICE_PER_CALL", "true"))) {
      new UsualRules(Target.demo(node), ledger).play(Rule.DEVICES);
    }
    assertThat(ledger.complete()).isFalse();
    assertThat(ledger.table()).containsPattern("BROKEN +one contact is in the call on several");
  }
}
