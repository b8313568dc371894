package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.relay.srtp.PacketBuffer;

class RtcpTest {

  private final PacketBuffer buffer = new PacketBuffer();
  private final RtcpReader reader = new RtcpReader();

  @Test
  void readsASenderReportLaidOutByHand() {
    reader.wrap(
        Hex.packet(
            "81 c8 000c 01020304" // SR, one block, 13 words
                + "e1e2e3e4 80000000 000003c0 00000007 00000320" // NTP, RTP, packets, octets
                + "0a0b0c0d 40 fffffe 00010005 000000f0 b7052000 00054000"));
    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(Rtcp.SENDER_REPORT);
    assertThat(reader.hasSsrc()).isTrue();
    assertThat(reader.ssrc()).isEqualTo(0x01020304);
    assertThat(reader.hasSenderInfo()).isTrue();
    assertThat(reader.ntp()).isEqualTo(0xe1e2e3e4_80000000L);
    assertThat(reader.rtpTimestamp()).isEqualTo(960);
    assertThat(reader.packetCount()).isEqualTo(7);
    assertThat(reader.octetCount()).isEqualTo(800);
    assertThat(reader.blocks()).isEqualTo(1);
    assertThat(reader.blockSsrc(0)).isEqualTo(0x0a0b0c0d);
    assertThat(reader.fractionLost(0)).isEqualTo(64);
    assertThat(reader.cumulativeLost(0)).isEqualTo(-2);
    assertThat(reader.extendedHighest(0)).isEqualTo(0x10005);
    assertThat(reader.jitter(0)).isEqualTo(240);
    assertThat(reader.lastSenderReport(0)).isEqualTo(0xb7052000);
    assertThat(reader.delaySinceLastSenderReport(0)).isEqualTo(0x54000);
    assertThat(reader.next()).isFalse();
  }

  @Test
  void writesWhatItReads() {
    new RtcpWriter(buffer)
        .senderReport(0x11, 0x0102030405060708L, 0x99, 5, 400)
        .block(0x21, 255, -1, 0x30001, 17, 18, 19)
        .block(0x22, 0, 0x7FFFFF, 2, 3, 4, 5)
        .senderReport(0x12, 1, 2, 3, 4)
        .receiverReport(0x13)
        .block(0x23, 1, 2, 3, 4, 5, 6)
        .cname(0x11, "parley".getBytes(StandardCharsets.US_ASCII))
        .bye(0x12);
    reader.wrap(buffer);

    assertThat(reader.next()).isTrue();
    assertThat(reader.ntp()).isEqualTo(0x0102030405060708L);
    assertThat(reader.blocks()).isEqualTo(2);
    assertThat(reader.fractionLost(0)).isEqualTo(255);
    assertThat(reader.cumulativeLost(0)).isEqualTo(-1);
    assertThat(reader.blockSsrc(1)).isEqualTo(0x22);
    assertThat(reader.cumulativeLost(1)).isEqualTo(0x7FFFFF);
    assertThat(reader.delaySinceLastSenderReport(1)).isEqualTo(5);

    assertThat(reader.next()).isTrue();
    assertThat(reader.ssrc()).isEqualTo(0x12);
    assertThat(reader.blocks()).isZero();

    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(Rtcp.RECEIVER_REPORT);
    assertThat(reader.hasSenderInfo()).isFalse();
    assertThat(reader.blockSsrc(0)).isEqualTo(0x23);
    assertThat(reader.jitter(0)).isEqualTo(4);

    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(Rtcp.SOURCE_DESCRIPTION);
    assertThat(reader.ssrc()).isEqualTo(0x11);
    assertThat(reader.cname()).isEqualTo("parley");

    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(Rtcp.BYE);
    assertThat(reader.byeCount()).isEqualTo(1);
    assertThat(reader.byeSsrc(0)).isEqualTo(0x12);
    assertThat(reader.next()).isFalse();
  }

  @Test
  void everyPacketEndsOnAWord() {
    for (int length = 0; length < 9; length++) {
      new RtcpWriter(buffer).receiverReport(1).cname(1, new byte[length]);
      assertThat(buffer.length % 4).isZero();
      reader.wrap(buffer);
      assertThat(reader.next()).isTrue();
      assertThat(reader.next()).isTrue();
      assertThat(reader.next()).isFalse();
      assertThat(reader.cname()).hasSize(length);
    }
  }

  @Test
  void cutsCountsToWhatIsThere() {
    reader.wrap(Hex.packet("9f c9 0001 00000001")); // 31 blocks promised, none there
    assertThat(reader.next()).isTrue();
    assertThat(reader.blocks()).isZero();
    reader.wrap(Hex.packet("83 cb 0001 00000001")); // three said good bye, one named
    assertThat(reader.next()).isTrue();
    assertThat(reader.byeCount()).isEqualTo(1);
    reader.wrap(Hex.packet("80 c8 0001 00000001")); // a sender report without its sender's part
    assertThat(reader.next()).isTrue();
    assertThat(reader.hasSenderInfo()).isFalse();
    assertThat(reader.blocks()).isZero();
  }

  @Test
  void stepsOverWhatItDoesNotKnow() {
    reader.wrap(Hex.packet("8f cd 0001 00000001" + "80 c9 0001 00000002"));
    assertThat(reader.next()).isTrue();
    assertThat(reader.type()).isEqualTo(Rtcp.TRANSPORT_FEEDBACK);
    assertThat(reader.count()).isEqualTo(15);
    assertThat(reader.next()).isTrue();
    assertThat(reader.ssrc()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80 c9 00",
        "80 c9 0001", // shorter than it says
        "00 c9 0001 00000001", // version 0
        "a0 c9 0001 000000ff", // more padding than there is packet
      })
  void endsTheWalkAtWhatIsBroken(String fields) {
    reader.wrap(Hex.packet(fields));
    assertThat(reader.next()).isFalse();
  }

  @Test
  void tellsRtcpFromRtp() {
    // RFC 5761 §4: 192–223 in the second byte are RTCP, payload types 96–127 are not.
    assertThat(Rtcp.isRtcp(Hex.bytes("80c8"), 0, 2)).isTrue();
    assertThat(Rtcp.isRtcp(Hex.bytes("80cd"), 0, 2)).isTrue();
    assertThat(Rtcp.isRtcp(Hex.bytes("806f"), 0, 2)).isFalse();
    assertThat(Rtcp.isRtcp(Hex.bytes("80ef"), 0, 2)).isFalse();
    assertThat(Rtcp.isRtcp(Hex.bytes("8080"), 0, 2)).isFalse();
    assertThat(Rtcp.isRtcp(Hex.bytes("80"), 0, 1)).isFalse();
  }

  @Property(tries = 3000)
  void neverThrowsOnGarbage(
      @ForAll @Size(max = 120) byte[] garbage,
      @ForAll @IntRange(min = 200, max = 206) int type,
      @ForAll @IntRange(max = 31) int words) {
    if (garbage.length >= 4) {
      garbage[0] = (byte) (0x80 | garbage[0] & 0x3F);
      garbage[1] = (byte) type;
      garbage[2] = 0;
      garbage[3] = (byte) words;
    }
    reader.wrap(new PacketBuffer().set(garbage, 0, garbage.length));
    while (reader.next()) {
      if (reader.hasSsrc()) {
        reader.ssrc();
      }
      if (reader.hasSenderInfo()) {
        reader.ntp();
        reader.octetCount();
      }
      for (int i = 0; i < reader.blocks(); i++) {
        reader.delaySinceLastSenderReport(i);
      }
      for (int i = 0; i < reader.byeCount(); i++) {
        reader.byeSsrc(i);
      }
      reader.cname();
    }
  }
}
