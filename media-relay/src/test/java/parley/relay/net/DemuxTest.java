package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.relay.srtp.PacketBuffer;

class DemuxTest {

  @ParameterizedTest
  @CsvSource({
    // STUN: type, length, magic cookie, transaction id
    "00 01 00 00 21 12 a4 42 00 00 00 00 00 00 00 00 00 00 00 00, STUN",
    "00 01 00 04 21 12 a4 42 00 00 00 00 00 00 00 00 00 00 00 00, BROKEN_STUN", // cut off
    "00 01 00 00 21 12 a4 43 00 00 00 00 00 00 00 00 00 00 00 00, BROKEN_STUN", // RFC 3489
    "00 01 00 00 21 12 a4 42 00 00 00 00, BROKEN_STUN",
    // DTLS: content type, version, epoch, sequence number, length
    "16 fe fd 00 00 00 00 00 00 00 00 00 00, DTLS",
    "17 fe fd 00 01 00 00 00 00 00 00 00 00, DTLS",
    "16 fe fd 00 00 00 00 00, UNKNOWN",
    // RTP: payload type 111 with and without marker
    "80 6f 00 01 00 00 00 00 00 00 00 01, RTP",
    "90 ef 00 01 00 00 00 00 00 00 00 01, RTP",
    "80 6f 00 01 00 00 00 00, UNKNOWN",
    // RTCP: SR, RR, transport feedback
    "80 c8 00 01 00 00 00 01, RTCP",
    "81 c9 00 07 00 00 00 01, RTCP",
    "8f cd 00 01 00 00 00 01, RTCP",
    // TURN channel data, which no media port takes; ZRTP; nothing
    "40 00 00 04 00 00 00 00, UNKNOWN",
    "10 00 00 04 00 00 00 00, UNKNOWN",
    "ff ff ff ff ff ff ff ff, UNKNOWN",
    "80, UNKNOWN",
  })
  void tellsProtocolsApartByTheirFirstBytes(String hex, Demux expected) {
    byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);

    assertThat(Demux.of(new PacketBuffer().set(bytes, 0, bytes.length))).isEqualTo(expected);
  }

  @Property
  void takesAnything(@ForAll byte[] bytes) {
    int length = Math.min(bytes.length, PacketBuffer.CAPACITY_BYTES);

    assertThat(Demux.of(new PacketBuffer().set(bytes, 0, length))).isNotNull();
  }
}
