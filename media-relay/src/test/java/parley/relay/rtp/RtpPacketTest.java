package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.relay.srtp.PacketBuffer;

class RtpPacketTest {

  private static final String FIXED =
      """
      80      # V=2, no padding, no extension, no CSRC
      ef      # marker, payload type 111
      fffe    # sequence number
      89abcdef  # timestamp
      deadbeef  # SSRC
      """
          .replaceAll("#.*", "");

  private final RtpPacket packet = new RtpPacket();

  @Test
  void readsTheFixedHeader() {
    assertThat(packet.wrap(Hex.packet(FIXED + "0102"))).isTrue();
    assertThat(packet.marker()).isTrue();
    assertThat(packet.payloadType()).isEqualTo(111);
    assertThat(packet.sequence()).isEqualTo(0xFFFE);
    assertThat(packet.timestamp()).isEqualTo(0x89ABCDEF);
    assertThat(packet.ssrc()).isEqualTo(0xDEADBEEF);
    assertThat(packet.csrcCount()).isZero();
    assertThat(payload()).isEqualTo(Hex.bytes("0102"));
  }

  @Test
  void readsWhereverTheBufferBegins() {
    PacketBuffer buffer = Hex.packet("ffffff" + FIXED + "07 eeee");
    buffer.offset = 3;
    buffer.length -= 5;
    assertThat(packet.wrap(buffer)).isTrue();
    assertThat(packet.ssrc()).isEqualTo(0xDEADBEEF);
    assertThat(payload()).isEqualTo(Hex.bytes("07"));
  }

  @Test
  void readsContributingSources() {
    assertThat(packet.wrap(Hex.packet("82 6f 0001 00000002 00000003 6aefcf3b 11223344 99")))
        .isTrue();
    assertThat(packet.csrcCount()).isEqualTo(2);
    assertThat(packet.csrc(0)).isEqualTo(0x6AEFCF3B);
    assertThat(packet.csrc(1)).isEqualTo(0x11223344);
    assertThat(payload()).isEqualTo(Hex.bytes("99"));
  }

  @Test
  void leavesPaddingOut() {
    assertThat(packet.wrap(Hex.packet("a0 6f 0001 00000002 00000003 aabb 000003"))).isTrue();
    assertThat(payload()).isEqualTo(Hex.bytes("aabb"));
  }

  @Test
  void takesAPacketOfNothingButPadding() {
    assertThat(packet.wrap(Hex.packet("a0 6f 0001 00000002 00000003 00000004"))).isTrue();
    assertThat(packet.payloadLength()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80 6f 0001 00000002 000000", // eleven bytes
        "40 6f 0001 00000002 00000003", // version 1
        "c0 6f 0001 00000002 00000003", // version 3
        "81 6f 0001 00000002 00000003", // a CSRC that is not there
        "90 6f 0001 00000002 00000003", // an extension that is not there
        "90 6f 0001 00000002 00000003 bede 0001 1044", // half an extension
        "90 6f 0001 00000002 00000003 bede ffff 10440000", // a very long one
        "a0 6f 0001 00000002 00000003", // padding without a count
        "a0 6f 0001 00000002 00000003 00", // a count of zero
        "a0 6f 0001 00000002 00000003 0003", // a count of more than there is
      })
  void refusesWhatIsNotWhole(String fields) {
    assertThat(packet.wrap(Hex.packet(fields))).isFalse();
  }

  @Test
  void findsOneByteExtensions() {
    // RFC 8285 §4.2's figure: padding between and behind the elements.
    assertThat(
            packet.wrap(
                Hex.packet(
                    "90 6f 0001 00000002 00000003 bede 0003"
                        + "10 aa 21 bbbb 0000 33 cccccccc"
                        + "77")))
        .isTrue();
    assertExtension(1, "aa");
    assertExtension(2, "bbbb");
    assertExtension(3, "cccccccc");
    assertThat(packet.findExtension(4)).isFalse();
    assertThat(packet.findExtension(0)).isFalse();
    assertThat(payload()).isEqualTo(Hex.bytes("77"));
  }

  @Test
  void findsTwoByteExtensions() {
    // RFC 8285 §4.3's figure: an element without data, and padding.
    assertThat(
            packet.wrap(
                Hex.packet(
                    "90 6f 0001 00000002 00000003 1005 0003" + "0100 0201bb 00 1e04 cccccccc")))
        .isTrue();
    assertExtension(1, "");
    assertExtension(2, "bb");
    assertExtension(30, "cccccccc");
    assertThat(packet.findExtension(0)).isFalse();
  }

  @Test
  void stopsAtTheReservedId() {
    assertThat(packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 bede 0001 f0 aa 10 bb")))
        .isTrue();
    assertThat(packet.findExtension(1)).isFalse();
    assertThat(packet.findExtension(15)).isFalse();
  }

  @Test
  void stopsAtPaddingThatClaimsALength() {
    assertThat(packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 bede 0001 01 aaaa 10")))
        .isTrue();
    assertThat(packet.findExtension(1)).isFalse();
  }

  @Test
  void doesNotReadAnElementPastTheExtension() {
    assertThat(packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 bede 0001 1f aaaaaa bbbb")))
        .isTrue();
    assertThat(packet.findExtension(1)).isFalse();
    assertThat(packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 1000 0001 01 04 aaaa bbbb")))
        .isTrue();
    assertThat(packet.findExtension(1)).isFalse();
  }

  @Test
  void findsNothingInAnUnknownProfile() {
    assertThat(packet.wrap(Hex.packet("90 6f 0001 00000002 00000003 beef 0001 10 aa 0000")))
        .isTrue();
    assertThat(packet.findExtension(1)).isFalse();
  }

  @Property(tries = 3000)
  void neverThrowsOnGarbage(
      @ForAll @Size(max = 80) byte[] garbage,
      @ForAll @IntRange(min = 0x80, max = 0xBF) int first,
      @ForAll boolean oneByte) {
    if (garbage.length > 0) {
      garbage[0] = (byte) first;
    }
    if (garbage.length > 16 && (first & 0x1F) == 0x10) {
      garbage[12] = (byte) (oneByte ? 0xBE : 0x10);
      garbage[13] = (byte) (oneByte ? 0xDE : 0x00);
      garbage[14] = 0;
      garbage[15] &= 0x0F;
    }
    if (!packet.wrap(garbage, 0, garbage.length)) {
      return;
    }
    for (int i = 0; i < packet.csrcCount(); i++) {
      packet.csrc(i);
    }
    for (int id = 0; id < 256; id++) {
      if (packet.findExtension(id)) {
        assertThat(packet.extensionOffset()).isGreaterThanOrEqualTo(16);
        assertThat(packet.extensionOffset() + packet.extensionLength())
            .isLessThanOrEqualTo(packet.payloadOffset());
      }
    }
    assertThat(packet.payloadLength()).isNotNegative();
    assertThat(packet.payloadOffset() + packet.payloadLength()).isLessThanOrEqualTo(garbage.length);
  }

  private void assertExtension(int id, String data) {
    assertThat(packet.findExtension(id)).isTrue();
    int offset = packet.extensionOffset();
    assertThat(Arrays.copyOfRange(packet.data(), offset, offset + packet.extensionLength()))
        .isEqualTo(Hex.bytes(data));
  }

  private byte[] payload() {
    int offset = packet.payloadOffset();
    return Arrays.copyOfRange(packet.data(), offset, offset + packet.payloadLength());
  }
}
