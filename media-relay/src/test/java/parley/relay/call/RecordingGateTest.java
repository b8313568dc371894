package parley.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordingGateTest {

  private final RecordingGate gate = new RecordingGate();

  private boolean comes(int sequence) {
    gate.arrived(sequence);
    return gate.lets(sequence);
  }

  @Test
  void letsEverythingInWithoutAMask() {
    assertThat(comes(65_535)).isTrue();
    assertThat(comes(0)).isTrue();
    assertThat(comes(65_534)).as("overtaken").isTrue();
  }

  @Test
  void keepsWhatCameUnderTheMaskOut() {
    assertThat(comes(1)).isTrue();
    assertThat(gate.mask("card number")).isTrue();
    assertThat(comes(2)).isFalse();
    assertThat(gate.mask(null)).isTrue();
    assertThat(comes(3)).isTrue();
    assertThat(gate.lets(2)).as("sent again").isFalse();
  }

  @Test
  void keepsWhatWasLostUnderTheMaskOutWhenRepairsBringIt() {
    assertThat(comes(107)).isTrue();
    gate.mask("card number");
    assertThat(comes(108)).isFalse(); // 109 and 110 are lost
    gate.mask(null);
    gate.arrived(111);
    assertThat(gate.lets(109)).as("a copy in 111").isFalse();
    assertThat(gate.lets(110)).as("a copy in 111").isFalse();
    assertThat(gate.lets(111)).isTrue();
    assertThat(comes(112)).isTrue();
  }

  @Test
  void aRepairBeforeTheFirstNewPacketDoesNotOpenIt() {
    assertThat(comes(10)).isTrue();
    gate.mask("card number");
    assertThat(comes(12)).isFalse();
    gate.mask(null);
    assertThat(comes(11)).as("sent again").isFalse();
    assertThat(comes(15)).isTrue();
    assertThat(gate.lets(14)).as("sent before the first that came").isFalse();
  }

  @Test
  void anotherStreamBeginsOpen() {
    comes(10);
    gate.mask("card number");
    comes(11);
    gate.mask(null);
    gate.streamChanged();
    assertThat(comes(5)).isTrue();
    assertThat(comes(6)).isTrue();
  }
}
