package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OutgoingHeaderTest {

  private final byte[] out = new byte[64];

  @Test
  void writesLevelAndMidInOneWord() {
    var header = new OutgoingHeader(0xDEADBEEF, 111, 1, 4, "2");
    int length = header.write(out, 0, true, 0xFFFF, 0x01020304, 0x6AEFCF3B, 0xAD);
    assertThat(Arrays.copyOf(out, length))
        .isEqualTo(
            Hex.bytes("91 ef ffff 01020304 deadbeef 6aefcf3b" + "bede 0001 10 ad 40" + "32"));
  }

  @Test
  void writesTheLevelWithPadding() {
    var header = new OutgoingHeader(1, 109, 14, 0, "audio");
    int length = header.write(out, 0, false, 7, 8, 9, 0x7F);
    assertThat(Arrays.copyOf(out, length))
        .isEqualTo(Hex.bytes("91 6d 0007 00000008 00000001 00000009 bede 0001 e0 7f 0000"));
  }

  @Test
  void writesNoExtensionWhenNothingIsAgreedOrKnown() {
    byte[] plain = Hex.bytes("81 6f 0007 00000008 00000001 00000009");
    int length = new OutgoingHeader(1, 111, 0, 0, "0").write(out, 0, false, 7, 8, 9, 0x10);
    assertThat(Arrays.copyOf(out, length)).isEqualTo(plain);
    length = new OutgoingHeader(1, 111, 3, 0, "0").write(out, 0, false, 7, 8, 9, AudioLevel.ABSENT);
    assertThat(Arrays.copyOf(out, length)).isEqualTo(plain);
  }

  @Test
  void leavesOutAMidThatDoesNotFit() {
    var header = new OutgoingHeader(1, 111, 0, 4, "seventeen-letters");
    assertThat(header.write(out, 0, false, 7, 8, 9, AudioLevel.ABSENT)).isEqualTo(16);
  }

  @Test
  void neverWritesMoreThanItPromises() {
    var header = new OutgoingHeader(1, 111, 1, 4, "sixteen-letters-");
    assertThat(header.write(out, 0, false, 7, 8, 9, 0x10)).isEqualTo(40);
    var packet = new RtpPacket();
    assertThat(packet.wrap(out, 0, 40)).isTrue();
    assertThat(packet.findExtension(4)).isTrue();
    assertThat(packet.extensionLength()).isEqualTo(16);
    assertThat(AudioLevel.read(packet, 1)).isEqualTo(0x10);
  }
}
