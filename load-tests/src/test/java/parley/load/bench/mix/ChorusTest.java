package parley.load.bench.mix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.load.bench.media.Voice;

class ChorusTest {

  @Test
  void tellsWhoHeardTheOthersAndNothingElse() {
    Chorus chorus = new Chorus(4, 2, 2.5);
    List<byte[]> first = packets(chorus.voices().get(0));
    List<byte[]> second = packets(chorus.voices().get(1));
    List<byte[]> none = packets(chorus.voices().get(2));
    // Two speak, and each hears the other; who is silent should hear both, and hears one or none.
    assertThat(chorus.contented(List.of(second, first, first, none))).isEqualTo(2);
    assertThat(chorus.contented(List.of(first, second, none, none))).isZero();
    assertThat(chorus.contented(List.of(new ArrayList<>(), first, none, none))).isEqualTo(1);
  }

  private static List<byte[]> packets(Voice voice) {
    return Arrays.asList(voice.packets());
  }
}
