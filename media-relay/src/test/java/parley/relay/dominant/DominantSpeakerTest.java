package parley.relay.dominant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DominantSpeakerTest {

  private static final int SPEECH = 25;
  private static final int SILENCE = 90;
  private static final long FRAME_NS = 20_000_000L;

  private final DominantSpeaker<String> dominant = new DominantSpeaker<>();
  private final List<String> changes = new ArrayList<>();
  private long nowNs = -5_000_000_000L; // a monotonic clock may be below zero

  @Test
  void whoSpeaksFirstHasTheFloor() {
    assertThat(dominant.current()).isNull();
    pass(1_000, SPEECH, SILENCE);
    assertThat(dominant.current()).isEqualTo("a");
  }

  @Test
  void theFloorGoesToTheOneWhoGoesOn() {
    pass(3_000, SPEECH, SILENCE);
    pass(3_000, SILENCE, SPEECH);
    assertThat(changes).containsExactly("a", "b");
  }

  @Test
  void aCoughDoesNotTakeTheFloor() {
    pass(5_000, SPEECH, SILENCE);
    for (int i = 0; i < 5; i++) {
      pass(100, SPEECH, 15);
      pass(2_000, SPEECH, SILENCE);
    }
    assertThat(changes).containsExactly("a");
  }

  @Test
  void silenceTakesItFromNobody() {
    pass(3_000, SPEECH, SILENCE);
    pass(20_000, SILENCE, SILENCE);
    assertThat(dominant.current()).isEqualTo("a");
  }

  @Test
  void withoutPacketsTimePassesAllTheSame() {
    pass(3_000, SPEECH, SILENCE);
    for (int i = 0; i < 500; i++) {
      nowNs += FRAME_NS;
      assertThat(dominant.onTick(nowNs)).isFalse();
    }
    pass(3_000, SILENCE, SPEECH);
    assertThat(dominant.current()).isEqualTo("b");
  }

  private void pass(int ms, int a, int b) {
    for (int i = 0; i < ms / 20; i++) {
      nowNs += FRAME_NS;
      // A voice is never the same for two packets.
      dominant.on("a", a + i % 7, nowNs);
      dominant.on("b", b + i % 5, nowNs);
      if (dominant.onTick(nowNs)) {
        changes.add(String.valueOf(dominant.current()));
      }
    }
  }
}
