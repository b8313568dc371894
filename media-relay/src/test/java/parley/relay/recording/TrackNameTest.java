package parley.relay.recording;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackNameTest {

  @ParameterizedTest
  @CsvSource({
    "Alice,01-alice.opus",
    "Zoë Müller-Łoś,01-zoe-muller-os.opus",
    "../../etc/passwd,01-etc-passwd.opus",
    "'',01-participant.opus",
    "Иван,01-participant.opus",
    "-rf *,01-rf.opus",
    "CON,01-con.opus",
  })
  void makesASafeFileNameOfAnyDisplayName(String displayName, String file) {
    assertThat(TrackName.of(1, displayName)).isEqualTo(file);
  }

  @Test
  void leavesOutControlCharacters() {
    assertThat(TrackName.of(1, "a\u0000b\nc")).isEqualTo("01-a-b-c.opus");
  }

  @Property
  void neverLeavesTheSafeAlphabet(@ForAll String displayName) {
    assertThat(TrackName.of(12, displayName)).matches("12-[a-z0-9][a-z0-9-]{0,39}\\.opus");
  }
}
