package parley.signalling.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import parley.signalling.server.FrameAssembler.Step;

class FrameAssemblerTest {

  private static final int MAX = 1000;

  private final FrameAssembler assembler = new FrameAssembler(MAX);

  @Test
  void putsPartsTogether() {
    assertThat(assembler.add(bytes("one "), false)).isEqualTo(Step.MORE);
    assertThat(assembler.add(bytes("message"), true)).isEqualTo(Step.WHOLE);
    assertThat(new String(assembler.take(), StandardCharsets.UTF_8)).isEqualTo("one message");
  }

  @Test
  void takesAMessageOfExactlyTheLimit() {
    assertThat(assembler.add(new byte[MAX], true)).isEqualTo(Step.WHOLE);
    assertThat(assembler.take()).hasSize(MAX);
    assertThat(assembler.add(new byte[MAX + 1], true)).isEqualTo(Step.TOO_LARGE);
  }

  @Test
  void tellsAtOnceOfAMessageThatIsTooLargeAndReadsTheNext() {
    assertThat(assembler.add(new byte[MAX], false)).isEqualTo(Step.MORE);
    assertThat(assembler.add(new byte[1], false)).isEqualTo(Step.TOO_LARGE);
    assertThat(assembler.add(new byte[1], true)).isEqualTo(Step.MORE);
    assertThat(assembler.add(bytes("next"), true)).isEqualTo(Step.WHOLE);
    assertThat(assembler.take()).isEqualTo(bytes("next"));
  }

  @Test
  void tellsAgainAndAgainOfAMessageThatDoesNotEnd() {
    int told = 0;
    for (int i = 0; i < 100; i++) {
      told += assembler.add(new byte[MAX / 10], false) == Step.STILL_TOO_LARGE ? 1 : 0;
    }
    assertThat(told).isBetween(7, 9);
  }

  @Test
  void countsFramesWithNothingInThem() {
    int frames = 0;
    while (assembler.add(new byte[0], false) == Step.MORE) {
      frames++;
    }
    assertThat(frames).isEqualTo(MAX / FrameAssembler.LEAST_FRAME_BYTES);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
