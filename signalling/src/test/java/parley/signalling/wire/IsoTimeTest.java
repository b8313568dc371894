package parley.signalling.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class IsoTimeTest {

  @Test
  void alwaysHasSixFractionalDigits() {
    assertThat(new IsoTime(Instant.parse("2019-09-27T01:01:35.264095Z")))
        .hasToString("2019-09-27T01:01:35.264095Z");
    assertThat(new IsoTime(Instant.parse("2019-09-27T01:01:35Z")))
        .hasToString("2019-09-27T01:01:35.000000Z");
    assertThat(new IsoTime(Instant.parse("2019-09-27T01:01:35.1Z")))
        .hasToString("2019-09-27T01:01:35.100000Z");
  }

  @Test
  void cutsNanoseconds() {
    assertThat(new IsoTime(Instant.parse("2019-09-27T01:01:35.264095999Z")))
        .isEqualTo(new IsoTime(Instant.parse("2019-09-27T01:01:35.264095Z")));
  }
}
