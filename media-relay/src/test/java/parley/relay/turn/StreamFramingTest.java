package parley.relay.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamFramingTest {

  private static int frame(int... bytes) {
    byte[] data = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      data[i] = (byte) bytes[i];
    }
    return StreamFraming.frameBytes(data, 0, data.length);
  }

  @Test
  void stunTellsItsLength() {
    assertThat(frame(0x00, 0x01, 0x00, 0x00)).isEqualTo(20);
    assertThat(frame(0x00, 0x03, 0x01, 0x04)).isEqualTo(280);
  }

  @Test
  void channelDataIsFilledUp() {
    assertThat(frame(0x40, 0x00, 0x00, 0x00)).isEqualTo(4);
    assertThat(frame(0x40, 0x00, 0x00, 0x01)).isEqualTo(8);
    assertThat(frame(0x4F, 0xFF, 0x00, 0x04)).isEqualTo(8);
    assertThat(frame(0x7F, 0xFF, 0x00, 0x04)).isEqualTo(8);
  }

  @Test
  void waitsForFourBytes() {
    assertThat(frame()).isEqualTo(StreamFraming.INCOMPLETE);
    assertThat(frame(0x00, 0x01, 0x00)).isEqualTo(StreamFraming.INCOMPLETE);
  }

  @Test
  void tellsWhatIsNeither() {
    assertThat(frame(0x16, 0x03, 0x01, 0x02)).isEqualTo(StreamFraming.BROKEN); // TLS, odd length
    assertThat(frame(0x00, 0x01, 0x00, 0x02)).isEqualTo(StreamFraming.BROKEN);
    assertThat(frame(0xFF, 0x00, 0x00, 0x04)).isEqualTo(StreamFraming.BROKEN);
    assertThat(frame(0x80, 0x00, 0x00, 0x04)).isEqualTo(StreamFraming.BROKEN);
  }
}
