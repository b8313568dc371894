package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AudioLevelTest {

  private final RtpPacket packet = new RtpPacket();

  @Test
  void readsTheOneByteForm() {
    // RFC 6464 §3, figure 1: ID 5, len 0, V set, level 45.
    packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 bede 0001 50 ad 0000"));
    int found = AudioLevel.read(packet, 5);
    assertThat(AudioLevel.level(found)).isEqualTo(45);
    assertThat(AudioLevel.voice(found)).isTrue();
  }

  @Test
  void readsTheTwoByteForm() {
    // RFC 6464 §3, figure 2: ID 5, len 1, V clear, level 127, padding.
    packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 1000 0001 05 01 7f 00"));
    int found = AudioLevel.read(packet, 5);
    assertThat(AudioLevel.level(found)).isEqualTo(AudioLevel.SILENCE);
    assertThat(AudioLevel.voice(found)).isFalse();
  }

  @Test
  void isAbsentWhenNotThereNotAgreedOrEmpty() {
    packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 1000 0001 0500 0000"));
    assertThat(AudioLevel.read(packet, 5)).isEqualTo(AudioLevel.ABSENT);
    assertThat(AudioLevel.read(packet, 6)).isEqualTo(AudioLevel.ABSENT);
    assertThat(AudioLevel.read(packet, 0)).isEqualTo(AudioLevel.ABSENT);
  }
}
