package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpusTocTest {

  /** RFC 6716 §3.1, table 2, and the four ways of packing frames (§3.2). */
  @ParameterizedTest
  @CsvSource({
    "00, 480", // SILK 10 ms
    "08, 960",
    "10, 1920",
    "18, 2880", // SILK 60 ms
    "60, 480", // hybrid 10 ms
    "68, 960",
    "80, 120", // CELT 2.5 ms
    "88, 240",
    "90, 480",
    "98, 960", // CELT 20 ms
    "f8, 960",
    "79, 1920", // two frames of 20 ms, hybrid
    "7a, 1920",
    "4b03, 2880", // three frames of 20 ms
    "4b06, 5760", // 120 ms, the most there may be
    "4b07, 0",
    "4b, 0", // the count is missing
    "4b00, 0",
  })
  void tellsHowLongAPacketPlays(String packet, int ticks) {
    byte[] bytes = Hex.bytes(packet);
    assertThat(OpusToc.ticks(bytes, 0, bytes.length)).isEqualTo(ticks);
  }

  @Test
  void nothingPlaysForNoTime() {
    assertThat(OpusToc.ticks(new byte[0], 0, 0)).isZero();
  }
}
