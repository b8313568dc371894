package parley.relay.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RtpTimeTest {

  @Test
  void countsTicksExactlyAndForYears() {
    assertThat(RtpTime.ticks(20_000_000L, 48_000)).isEqualTo(960);
    assertThat(RtpTime.ticks(Long.MAX_VALUE, 48_000)).isEqualTo(442_721_857_769_029L);
    assertThat(RtpTime.ticks(-20_000_000L, 48_000)).isEqualTo(-960);
  }

  @Test
  void ntpBeginsIn1900() {
    assertThat(RtpTime.ntp(0)).isEqualTo(2_208_988_800L << 32);
    assertThat(RtpTime.ntp(1_500_000_000L)).isEqualTo(2_208_988_801L << 32 | 0x8000_0000L);
  }

  @Test
  void measuresTheRoundTripOfTheRfc() {
    // RFC 3550 §6.4.1, figure 2: A = b710:8000, DLSR = 5:4000, LSR = b705:2000, 6.125 s.
    long ntp = 0xb44d_b710_8000_0000L;
    int span = RtpTime.compactNtp(ntp) - 0xb705_2000 - 0x0005_4000;
    assertThat(RtpTime.ofCompactSpan(span)).isEqualTo(6_125_000_000L);
    assertThat(RtpTime.compactSpan(5_250_000_000L)).isEqualTo(0x0005_4000);
    assertThat((double) RtpTime.ofCompactSpan(RtpTime.compactSpan(123_456_789L)))
        .isCloseTo(123_456_789d, within(16_000d));
  }
}
