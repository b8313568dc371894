package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpusPacketTest {

  private static int samples(String hex) {
    byte[] packet = HexFormat.of().parseHex(hex.replace(" ", ""));
    return OpusPacket.samples(packet, 0, packet.length);
  }

  // RFC 6716 table 2
  @ParameterizedTest
  @CsvSource({
    "0, 480",
    "1, 960",
    "2, 1920",
    "3, 2880",
    "4, 480",
    "11, 2880",
    "12, 480",
    "13, 960",
    "14, 480",
    "15, 960",
    "16, 120",
    "17, 240",
    "18, 480",
    "19, 960",
    "28, 120",
    "31, 960"
  })
  void readsTheFrameSizeOfEveryConfiguration(int config, int samples) {
    assertThat(OpusPacket.frameSamples(config << 3)).isEqualTo(samples);
  }

  @Test
  void addsUpTheFramesOfAllFourCodes() {
    assertThat(samples("f8 01 02")).isEqualTo(960);
    assertThat(samples("f9 01 02")).isEqualTo(1920);
    assertThat(samples("fa 01 aa bb cc")).isEqualTo(1920);
    assertThat(samples("fb 03 aa bb cc")).isEqualTo(2880);
    assertThat(samples("fb 83 01 00 aa bb")).isEqualTo(2880); // VBR: 1, 0 and the rest
    assertThat(samples("fb 41 02 aa 00 00")).isEqualTo(960); // two bytes of padding
  }

  @Test
  void acceptsFramesWithoutBytesAsDiscontinuousTransmissionSendsThem() {
    assertThat(samples("f8")).isEqualTo(960);
    assertThat(samples("08")).isEqualTo(960);
    assertThat(samples("fb 06")).isEqualTo(5760);
  }

  @Test
  void refusesWhatBreaksTheFramingRules() {
    assertThat(samples("")).as("R1").isEqualTo(OpusPacket.MALFORMED);
    assertThat(samples("f9 01")).as("R3: two frames of half a byte").isEqualTo(-1);
    assertThat(samples("fa")).as("R4: no length").isEqualTo(-1);
    assertThat(samples("fa fc")).as("R4: half a length").isEqualTo(-1);
    assertThat(samples("fa 05 aa")).as("R4: longer than the packet").isEqualTo(-1);
    assertThat(samples("fb")).as("R6: no frame count").isEqualTo(-1);
    assertThat(samples("fb 00")).as("R5: no frames").isEqualTo(-1);
    assertThat(samples("fb 07")).as("R5: 140 ms").isEqualTo(-1);
    assertThat(samples("fb 02 aa")).as("R6: two frames in one byte").isEqualTo(-1);
    assertThat(samples("fb 41 ff")).as("R6: padding without an end").isEqualTo(-1);
    assertThat(samples("fb 41 05 aa")).as("R6: padding beyond the end").isEqualTo(-1);
    assertThat(samples("fb 82 05 aa")).as("R7: frame beyond the end").isEqualTo(-1);
    assertThat(samples("f8" + "00".repeat(1276))).as("R2: 1276 bytes").isEqualTo(-1);
  }

  @Property
  void neverThrowsAndNeverExceeds120Milliseconds(@ForAll @Size(max = 1500) byte[] packet) {
    int samples = OpusPacket.samples(packet, 0, packet.length);
    assertThat(samples).isBetween(-1, OpusPacket.MAX_SAMPLES).isNotZero();
    assertThat(samples == -1 || samples % Filler.STEP == 0).isTrue();
  }
}
