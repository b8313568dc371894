package parley.load.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private final EventSchemas schemas = new EventSchemas();
  private final Ledger ledger = new Ledger(schemas);

  @Test
  void knowsTheProtocolsEvents() {
    assertThat(schemas.clientEvents()).hasSize(11).contains("client.call.offer");
    assertThat(schemas.serverEvents()).hasSize(18).contains("server.call.checkfingerprint");
  }

  @Test
  void isIncompleteWhileAnEventIsMissing() {
    assertThat(ledger.complete()).isFalse();
    assertThat(ledger.table()).containsPattern("server.call.restart +MISSING");
  }

  @Test
  void wantsAFrameAndItsEffect() throws JsonProcessingException {
    ledger.shown("client.ping", "confirmed");
    assertThat(ledger.table()).containsPattern("client.ping +MISSING");
    ledger.frame(EventSchemas.read("{\"event\":\"client.ping\"}"));
    assertThat(ledger.table()).containsPattern("client.ping +ok");
  }

  @Test
  void tellsOfAWrongFrameEvenIfOthersWereRight() throws JsonProcessingException {
    List<String> frames =
        List.of(
            "{\"event\":\"server.login\",\"params\":{\"device_name\":\"Firefox\"}}",
            "{\"event\":\"server.login\",\"params\":{\"device_name\":\"Firefox\",\"more\":1}}");
    for (String frame : frames) {
      ledger.frame(EventSchemas.read(frame));
    }
    ledger.shown("server.login", "told");
    assertThat(ledger.table()).containsPattern("server.login +WRONG +2 .*more");
  }

  @Test
  void wantsEveryRuleToBeTriedAndToHold() {
    assertThat(ledger.table()).containsPattern("MISSING +both call each other");
    ledger.tried(Rule.GLARE, "");
    assertThat(ledger.table())
        .containsPattern("ok +both call each other")
        .contains("1 of 25 rules");
    ledger.tried(Rule.GLARE, "they are in two calls");
    assertThat(ledger.table())
        .containsPattern("BROKEN +both call each other")
        .contains("they are in two calls");
  }

  @Test
  void isIncompleteAfterAnEventThatTheProtocolDoesNotHave() throws JsonProcessingException {
    ledger.frame(EventSchemas.read("{\"event\":\"server.call.nonsense\"}"));
    assertThat(ledger.table()).contains("no event called \"server.call.nonsense\"");
  }
}
