package parley.load.bench.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StampTest {

  private static final int AT = 20;

  @Test
  void isReadAsItWasWritten() {
    byte[] packet = stamped();
    assertThat(Stamp.isIntact(packet, AT, Stamp.PAYLOAD_BYTES)).isTrue();
    assertThat(Stamp.turn(packet, AT)).isEqualTo(3);
    assertThat(Stamp.speaker(packet, AT)).isEqualTo(17);
    assertThat(Stamp.sentNs(packet, AT)).isEqualTo(123_456_789_012L);
  }

  @Test
  void isBrokenByAnyChangedByteOfItsPattern() {
    for (int i = 0; i <= Stamp.PAYLOAD_BYTES - 4; i++) {
      byte[] packet = stamped();
      packet[AT + i] ^= 1;
      assertThat(Stamp.isIntact(packet, AT, Stamp.PAYLOAD_BYTES)).as("byte %s", i).isFalse();
    }
  }

  @Test
  void isNotInSilence() {
    byte[] silence = new byte[AT + Stamp.PAYLOAD_BYTES];
    assertThat(Stamp.isIntact(silence, AT, Stamp.PAYLOAD_BYTES)).isFalse();
    Arrays.fill(silence, (byte) 0xF8);
    assertThat(Stamp.isIntact(silence, AT, Stamp.PAYLOAD_BYTES)).isFalse();
    assertThat(Stamp.isIntact(stamped(), AT, 3)).isFalse();
  }

  private static byte[] stamped() {
    byte[] packet = new byte[AT + Stamp.PAYLOAD_BYTES];
    Stamp.write(packet, AT, 3, 17, 123_456_789_012L);
    return packet;
  }
}
