package parley.load.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {

  @ParameterizedTest
  @CsvSource({
    "100x10/2, 1000, 1800", // 8 hear two, 2 hear one
    "1x30, 30, 870", // 30 hear 29
    "500x2, 1000, 1000",
    "1x1000/2, 1000, 1998",
    "1x2/1, 2, 1"
  })
  void knowsHowManyPacketsLeaveTheServer(String text, int participants, int copies) {
    Shape shape = Shape.parse(text);
    assertThat(shape.participants()).isEqualTo(participants);
    assertThat(shape.copies()).isEqualTo(copies);
  }

  @Test
  void canBeLimitedToWhatAServerForwards() {
    assertThat(Shape.parse("1x30").hearing(16).copies()).isEqualTo(30 * 16);
    assertThat(Shape.parse("100x10/2").hearing(16)).isEqualTo(Shape.parse("100x10/2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "10x", "x10/2", "0x10/2", "1x1", "1x5/6", "1x5/0", "axb/c"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> Shape.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shape");
  }

  @ParameterizedTest
  @CsvSource({"1x30, 16", "1x30, 29", "3x4/2, 2", "1x9/3, 1", "2x2, 1"})
  void letsEachListenerHearAsManyAsItSays(String text, int heard) {
    Shape shape = Shape.parse(text).hearing(heard);
    for (int listener = 0; listener < shape.people(); listener++) {
      int voices = 0;
      for (int talker = 0; talker < shape.people(); talker++) {
        voices += Listening.hears(shape, listener, talker) ? 1 : 0;
      }
      assertThat(voices)
          .as("listener %s", listener)
          .isEqualTo(shape.voices(listener < shape.talkers()));
      assertThat(Listening.hears(shape, listener, listener)).isFalse();
    }
  }
}
